package archive

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

func eachZip(file string, c caps, f func(entry) error) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	// The list of files is read at once and held in memory: it is capped where it is read.
	list := &capReader{in: in, left: c.directory}
	z, err := zip.NewReader(list, info.Size())
	switch {
	case list.left < 0, err == nil && len(z.File) > c.entries:
		return c.tooMany()
	case err != nil:
		return errors.New("it is no zip archive, or damaged")
	}
	list.left = c.unpacked
	var read int64
	for _, zf := range z.File {
		if zf.FileInfo().IsDir() {
			continue
		}
		e := entry{name: zf.Name, mode: zf.Mode(), open: func() (io.ReadCloser, error) {
			r, err := zf.Open()
			if err != nil {
				return nil, err
			}
			return counted{r, &read}, nil
		}}
		if err := f(e); err != nil {
			return err
		}
		if read > c.unpacked {
			return c.tooMuch()
		}
	}
	return nil
}

// capReader fails once more than left bytes were read.
type capReader struct {
	in   io.ReaderAt
	left int64
}

func (c *capReader) ReadAt(p []byte, off int64) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	return c.in.ReadAt(p, off)
}

// counted adds up what is read.
type counted struct {
	io.ReadCloser
	sum *int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	*c.sum += int64(n)
	return n, err
}

func eachTar(file string, c caps, f func(entry) error) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	var stream io.Reader = bufio.NewReader(in)
	if magic, _ := stream.(*bufio.Reader).Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(stream)
		if err != nil {
			return errors.New("it is no gzip file, or damaged")
		}
		stream = z
	}
	limited := &io.LimitedReader{R: stream, N: c.unpacked}
	t := tar.NewReader(limited)
	for n := 0; ; n++ {
		h, err := t.Next()
		switch {
		case limited.N <= 0:
			return c.tooMuch()
		case err == io.EOF:
			return nil
		case n >= c.entries:
			return c.tooMany()
		case err != nil:
			return errors.New("it is no tar archive, or damaged")
		}
		if h.FileInfo().IsDir() {
			continue
		}
		mode := h.FileInfo().Mode()
		if h.Typeflag == tar.TypeLink {
			mode |= os.ModeSymlink // a hard link: it has no content of its own
		}
		err = f(entry{name: h.Name, mode: mode, open: func() (io.ReadCloser, error) { return io.NopCloser(t), nil }})
		switch {
		case limited.N <= 0:
			return c.tooMuch()
		case err != nil:
			return err
		}
	}
}
