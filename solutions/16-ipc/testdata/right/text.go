// file: manager.go

// Quoted text for a protocol; a manager that holds a lock for as long as it lives.
package ipc

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"syscall"
)

// A Manager keeps a dict.
type Manager struct{ dict sync.Map }

// NewManager returns a Manager.
func NewManager() *Manager { return new(Manager) }

var errGarbage = errors.New("garbage")

func encode(words ...string) []byte {
	var b bytes.Buffer
	for _, word := range words {
		fmt.Fprintf(&b, "%q ", word)
	}
	return b.Bytes()
}

func decode(message []byte) ([]string, error) {
	r := bufio.NewReader(bytes.NewReader(message))
	var words []string
	for {
		var word string
		_, err := fmt.Fscanf(r, "%q ", &word)
		if err != nil && len(words) > 0 && (err == io.EOF || err.Error() == "unexpected EOF") {
			return words, nil
		}
		if err != nil {
			return nil, errGarbage
		}
		words = append(words, word)
	}
}

func (m *Manager) answer(request []byte) ([]byte, error) {
	words, err := decode(request)
	if err != nil {
		return nil, err
	}
	switch {
	case words[0] == "?" && len(words) == 2:
		value, ok := m.dict.Load(words[1])
		if !ok {
			return encode("no"), nil
		}
		return encode("yes", value.(string)), nil
	case words[0] == "=" && len(words) == 3:
		m.dict.Store(words[1], words[2])
		return encode("yes"), nil
	case words[0] == "-" && len(words) == 2:
		m.dict.Delete(words[1])
		return encode("yes"), nil
	case words[0] == "~" && len(words) == 4:
		if m.dict.CompareAndSwap(words[1], words[2], words[3]) {
			return encode("yes"), nil
		}
		return encode("no"), nil
	}
	return nil, errGarbage
}

// ServeConn serves one client.
func (m *Manager) ServeConn(c *Conn) (err error) {
	defer c.Close()
	for {
		request, err := c.Recv()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		answer, err := m.answer(request)
		if err != nil {
			return err
		}
		if err := c.Send(answer); err != nil {
			return err
		}
	}
}

// Serve serves all clients.
func (m *Manager) Serve(ctx context.Context, l net.Listener) error {
	accepted, failed := make(chan net.Conn), make(chan error, 1)
	go func() {
		defer close(accepted)
		for {
			socket, err := l.Accept()
			if err != nil {
				failed <- err
				return
			}
			accepted <- socket
		}
	}()
	gone := make(chan *Conn)
	clients := map[*Conn]bool{}
	var err error
	ended := ctx.Done()
	for accepted != nil || len(clients) > 0 {
		select {
		case socket, ok := <-accepted:
			if !ok {
				accepted = nil
				if ctx.Err() == nil {
					err = <-failed
				}
				for c := range clients {
					c.Close()
				}
				continue
			}
			c := NewConn(socket, socket)
			clients[c] = true
			go func() {
				m.ServeConn(c)
				gone <- c
			}()
			if ctx.Err() != nil {
				c.Close()
			}
		case c := <-gone:
			delete(clients, c)
		case <-ended:
			ended = nil
			l.Close()
		}
	}
	l.Close()
	return err
}

// locked is a listener with a lock.
type locked struct {
	net.Listener
	lock *FileLock
	once sync.Once
}

func (l *locked) Close() (err error) {
	err = net.ErrClosed
	l.once.Do(func() {
		err = l.Listener.Close()
		l.lock.Unlock()
		l.lock.Close()
	})
	return err
}

// Listen listens. Another manager holds the lock; one that is no manager of ours answers at the socket.
func Listen(path string) (l net.Listener, err error) {
	info, err := os.Lstat(path)
	if err == nil && info.Mode().Type() != fs.ModeSocket {
		return nil, fs.ErrExist
	}
	lock, err := OpenLock(path + ".lock")
	if err != nil {
		return nil, err
	}
	ok, err := lock.TryLock()
	if !ok {
		lock.Close()
		return nil, errors.Join(ErrServed, err)
	}
	defer func() {
		if err != nil {
			lock.Unlock()
			lock.Close()
		}
	}()
	socket, err := net.Dial("unix", path)
	switch {
	case err == nil:
		socket.Close()
		return nil, ErrServed
	case errors.Is(err, syscall.ECONNREFUSED):
		os.Remove(path)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	l, err = net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return &locked{Listener: l, lock: lock}, nil
}

// A Dict is a client's view.
type Dict struct {
	c    *Conn
	slot chan error // holds the error that broke it, or nil
}

// NewDict returns a Dict.
func NewDict(c *Conn) *Dict {
	d := &Dict{c: c, slot: make(chan error, 1)}
	d.slot <- nil
	return d
}

// Dial connects.
func Dial(path string) (*Dict, error) {
	socket, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	return NewDict(NewConn(socket, socket)), nil
}

func (d *Dict) ask(words ...string) (ok bool, value string, err error) {
	broken := <-d.slot
	defer func() { d.slot <- broken }()
	if broken != nil {
		return false, "", broken
	}
	request := encode(words...)
	if len(request) > MaxFrame {
		return false, "", ErrTooLarge
	}
	ok, value, broken = d.exchange(request)
	return ok, value, broken
}

func (d *Dict) exchange(request []byte) (ok bool, value string, err error) {
	if err := d.c.Send(request); err != nil {
		return false, "", err
	}
	answer, err := d.c.Recv()
	if err != nil {
		return false, "", err
	}
	words, err := decode(answer)
	if err != nil {
		return false, "", err
	}
	if len(words) == 2 {
		value = words[1]
	}
	return words[0] == "yes", value, nil
}

// Get gets.
func (d *Dict) Get(key string) (string, bool, error) {
	ok, value, err := d.ask("?", key)
	return value, ok, err
}

// Set sets.
func (d *Dict) Set(key, value string) error {
	_, _, err := d.ask("=", key, value)
	return err
}

// Delete deletes.
func (d *Dict) Delete(key string) error {
	_, _, err := d.ask("-", key)
	return err
}

// CompareAndSwap swaps.
func (d *Dict) CompareAndSwap(key, old, new string) (bool, error) {
	ok, _, err := d.ask("~", key, old, new)
	return ok, err
}

// Close hangs up.
func (d *Dict) Close() error { return d.c.Close() }
