// Package cache keeps what the grader has finished, by content: a result under the
// hash of everything that it depends on. An entry is whole or not there; a process
// that is killed leaves none half written.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// EnvVar names the variable that overrides where the cache is.
const EnvVar = "LOCKSTEP_CACHE"

// Cache is a directory of entries. It may be used by several goroutines and
// processes at once.
type Cache struct{ dir string }

// Open returns the cache in $LOCKSTEP_CACHE, else in the user's cache directory, else,
// for a user who has no home or a home that cannot be written, in the temporary directory.
func Open() (*Cache, error) {
	var candidates []string
	if dir := os.Getenv(EnvVar); dir != "" {
		candidates = append(candidates, dir)
	} else {
		if dir, err := os.UserCacheDir(); err == nil {
			candidates = append(candidates, filepath.Join(dir, "lockstep"))
		}
		candidates = append(candidates, filepath.Join(os.TempDir(), "lockstep-"+strconv.Itoa(os.Getuid())))
	}
	var errs []error
	for _, dir := range candidates {
		err := usable(dir)
		if err == nil {
			return &Cache{dir: dir}, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("no directory for the grader's cache (set %s to one): %w", EnvVar, errors.Join(errs...))
}

// usable makes dir and proves that it can be written and is the user's own.
func usable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// Dir returns the cache's directory, for files that have a life of their own.
func (c *Cache) Dir() string { return c.dir }

// Get decodes the entry of that kind and key into value and reports whether there was
// one. An entry that does not decode counts as none.
func (c *Cache) Get(kind, key string, value any) bool {
	data, err := os.ReadFile(c.path(kind, key))
	if err != nil {
		return false
	}
	used(c.path(kind, key))
	e := entry{Value: value}
	return json.Unmarshal(data, &e) == nil && e.Key == key
}

// entry is a file of the cache. Its key makes a file that is something else, or
// nothing, no entry.
type entry struct {
	Key   string
	Value any
}

// Put stores value as the entry of that kind and key, replacing what was there.
func (c *Cache) Put(kind, key string, value any) error {
	data, err := json.Marshal(entry{key, value})
	if err != nil {
		return err
	}
	path := c.path(kind, key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after the rename there is nothing to remove
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Remove deletes the entry of that kind and key, if there is one.
func (c *Cache) Remove(kind, key string) error {
	if err := os.Remove(c.path(kind, key)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (c *Cache) path(kind, key string) string {
	return filepath.Join(c.dir, kind, key[:2], key+".json")
}

// Key hashes the parts of a key one by one, so that no two lists of parts run together.
type Key struct{ h hash.Hash }

// NewKey begins a key with its parts so far.
func NewKey(parts ...string) *Key {
	k := &Key{h: sha256.New()}
	for _, p := range parts {
		k.Add([]byte(p))
	}
	return k
}

// Add adds one part.
func (k *Key) Add(part []byte) {
	fmt.Fprintf(k.h, "%d:", len(part))
	k.h.Write(part)
}

// Sum returns the key of the parts added.
func (k *Key) Sum() string { return hex.EncodeToString(k.h.Sum(nil)) }
