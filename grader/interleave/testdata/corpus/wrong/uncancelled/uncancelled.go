// Package uncancelled watches a transaction's context that only the failing path
// cancels. The class is cockroach#13197.
//
// want: leak
package uncancelled

import (
	"context"
	"testing"
)

type tx struct {
	cancel context.CancelFunc
}

func begin(ctx context.Context) *tx {
	ctx, cancel := context.WithCancel(ctx)
	go func() { <-ctx.Done() }()
	return &tx{cancel}
}

func (t *tx) commit() {}

func (t *tx) rollback() { t.cancel() }

// Scenario commits a transaction.
func Scenario(t *testing.T) {
	begin(context.Background()).commit()
}
