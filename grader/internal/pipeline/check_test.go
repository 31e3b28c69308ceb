package pipeline

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/internal/course"
)

func TestSkippedLeavesTheBlame(t *testing.T) {
	blame := []string{"TestB", "TestA", "TestA"} // the next one that is skipped is told of them, too
	got := skipped(course.Check{Name: "TestC"}, blame)
	assert.Equal(t, "not run: it needs TestA and TestB to pass first", got.Message)
	assert.Equal(t, []string{"TestB", "TestA", "TestA"}, blame)
}
