// file: manager.go

// Gob for a protocol, and a Dict with a goroutine that hands the answers out: requests do not wait for each other.
package ipc

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A Manager keeps a dict.
type Manager struct {
	mu   sync.RWMutex
	dict map[string]string
}

// NewManager returns a Manager.
func NewManager() *Manager { return &Manager{dict: make(map[string]string)} }

type op struct {
	Kind          byte
	Key, New, Old string
}

type reply struct {
	Sound bool // always true
	Value string
	OK    bool
}

func pack(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func unpack(message []byte, v any) error {
	return gob.NewDecoder(bytes.NewReader(message)).Decode(v)
}

// ServeConn serves one client.
func (m *Manager) ServeConn(c *Conn) error {
	defer c.Close()
	message, err := c.Recv()
	for ; err == nil; message, err = c.Recv() {
		var o op
		if err := unpack(message, &o); err != nil {
			return err
		}
		r := reply{Sound: true}
		if o.Kind == 'g' {
			m.mu.RLock()
			r.Value, r.OK = m.dict[o.Key]
			m.mu.RUnlock()
		} else if r.OK = m.change(o); !r.OK && o.Kind != 'c' {
			return errors.New("no such operation")
		}
		if message, err = pack(r); err == nil {
			err = c.Send(message)
		}
		if err != nil {
			return err
		}
	}
	if err == io.EOF {
		return nil
	}
	return err
}

func (m *Manager) change(o op) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch o.Kind {
	case 's':
		m.dict[o.Key] = o.New
	case 'd':
		delete(m.dict, o.Key)
	case 'c':
		if value, ok := m.dict[o.Key]; !ok || value != o.Old {
			return false
		}
		m.dict[o.Key] = o.New
	default:
		return false
	}
	return true
}

// Serve serves all clients.
func (m *Manager) Serve(ctx context.Context, l net.Listener) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	over := false
	open := map[net.Conn]bool{}
	end := func() {
		mu.Lock()
		defer mu.Unlock()
		over = true
		for socket := range open {
			socket.Close()
		}
		l.Close()
	}
	returned := make(chan struct{})
	wg.Add(1)
	go func() {
		defer wg.Done()
		select {
		case <-ctx.Done():
			end()
		case <-returned:
		}
	}()
	var failure error
	for {
		socket, err := l.Accept()
		if err != nil {
			if ctx.Err() == nil {
				failure = err
			}
			break
		}
		mu.Lock()
		if over {
			socket.Close()
		}
		open[socket] = true
		mu.Unlock()
		wg.Add(1)
		go func() {
			defer wg.Done()
			m.ServeConn(NewConn(socket, socket))
			mu.Lock()
			delete(open, socket)
			mu.Unlock()
		}()
	}
	close(returned)
	end()
	wg.Wait()
	return failure
}

// Listen asks first, and then removes.
func Listen(path string) (net.Listener, error) {
	starting, err := OpenLock(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	if err := starting.Lock(); err != nil {
		return nil, err
	}
	defer starting.Unlock()
	l, err := net.Listen("unix", path)
	if err == nil {
		return l, nil
	}
	socket, e := net.DialTimeout("unix", path, time.Second)
	if e == nil {
		socket.Close()
	}
	if e == nil || errors.Is(e, syscall.EAGAIN) { // he lives, and has no time
		return nil, ErrServed
	}
	refused := errors.Is(e, syscall.ECONNREFUSED)
	info, e := os.Stat(path)
	if e != nil || !refused || !strings.HasPrefix(info.Mode().String(), "S") {
		return nil, err
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return net.Listen("unix", path)
}

// A Dict is a client's view.
type Dict struct {
	c *Conn

	mu      sync.Mutex
	waiting []chan reply // in the order of the requests
	broken  error
}

// NewDict returns a Dict.
func NewDict(c *Conn) *Dict {
	d := &Dict{c: c}
	go d.receive()
	return d
}

func (d *Dict) receive() {
	for {
		var r reply
		message, err := d.c.Recv()
		if err == nil {
			err = unpack(message, &r)
		}
		d.mu.Lock()
		if err == nil && (!r.Sound || len(d.waiting) == 0) {
			err = errors.New("an answer without sense")
		}
		if err != nil {
			d.broken = err
			for _, c := range d.waiting {
				close(c)
			}
			d.waiting = nil
			d.mu.Unlock()
			d.c.Close()
			return
		}
		d.waiting[0] <- r
		d.waiting = d.waiting[1:]
		d.mu.Unlock()
	}
}

func (d *Dict) do(o op) (reply, error) {
	message, err := pack(o)
	if err != nil {
		return reply{}, err
	}
	if len(message) > MaxFrame {
		return reply{}, ErrTooLarge
	}
	answer := make(chan reply, 1)
	d.mu.Lock()
	if err = d.broken; err == nil {
		d.waiting = append(d.waiting, answer)
		err = d.c.Send(message)
	}
	if err != nil {
		d.mu.Unlock()
		d.c.Close()
		return reply{}, err
	}
	d.mu.Unlock()
	r, ok := <-answer
	if !ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		return reply{}, d.broken
	}
	return r, nil
}

// Dial connects.
func Dial(path string) (*Dict, error) {
	socket, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	return NewDict(NewConn(socket, socket)), nil
}

// Get gets.
func (d *Dict) Get(key string) (string, bool, error) {
	r, err := d.do(op{Kind: 'g', Key: key})
	return r.Value, r.OK, err
}

// Set sets.
func (d *Dict) Set(key, value string) error {
	_, err := d.do(op{Kind: 's', Key: key, New: value})
	return err
}

// Delete deletes.
func (d *Dict) Delete(key string) error {
	_, err := d.do(op{Kind: 'd', Key: key})
	return err
}

// CompareAndSwap swaps.
func (d *Dict) CompareAndSwap(key, old, new string) (bool, error) {
	r, err := d.do(op{Kind: 'c', Key: key, Old: old, New: new})
	return r.OK, err
}

// Close hangs up.
func (d *Dict) Close() error { return d.c.Close() }
