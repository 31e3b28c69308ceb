package sandbox

import (
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
)

// libraryDirs are where the dynamic linkers of the common distributions look without
// a cache: Debian's, by machine, and everyone's.
func libraryDirs(m elf.Machine) []string {
	dirs := []string{"/lib64", "/usr/lib64", "/lib", "/usr/lib"}
	triplets := map[elf.Machine]string{
		elf.EM_X86_64:  "x86_64-linux-gnu",
		elf.EM_AARCH64: "aarch64-linux-gnu",
		elf.EM_PPC64:   "powerpc64le-linux-gnu",
		elf.EM_S390:    "s390x-linux-gnu",
		elf.EM_RISCV:   "riscv64-linux-gnu",
	}
	if t, ok := triplets[m]; ok {
		dirs = append([]string{"/lib/" + t, "/usr/lib/" + t}, dirs...)
	}
	return dirs
}

// libraries returns the files that the binary needs to start: its ELF interpreter and,
// recursively, its shared libraries. None for a static binary or a script. If one is
// not where linkers look by default, it returns whole library directories instead.
func libraries(binary string) []string {
	interpreter, needed, dirs := dynamic(binary)
	if interpreter == "" {
		return nil
	}
	found := []string{interpreter}
	seen := map[string]bool{filepath.Base(interpreter): true}
	for len(needed) > 0 {
		name := needed[0]
		needed = needed[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		path := search(name, dirs)
		if path == "" {
			return existing("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", interpreter)
		}
		found = append(found, path)
		_, more, _ := dynamic(path)
		needed = append(needed, more...)
	}
	return found
}

// dynamic reads what a binary says about its linking.
func dynamic(path string) (interpreter string, needed, dirs []string) {
	file, err := elf.Open(path)
	if err != nil {
		return "", nil, nil
	}
	defer file.Close()
	for _, prog := range file.Progs {
		if prog.Type == elf.PT_INTERP && prog.Filesz < 4096 {
			name := make([]byte, prog.Filesz)
			if _, err := prog.ReadAt(name, 0); err == nil {
				interpreter = strings.TrimRight(string(name), "\x00")
			}
		}
	}
	needed, _ = file.ImportedLibraries()
	return interpreter, needed, libraryDirs(file.Machine)
}

func search(name string, dirs []string) string {
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if len(existing(path)) == 1 {
			return path
		}
	}
	return ""
}

func existing(paths ...string) (found []string) {
	for _, path := range paths {
		if _, err := os.Stat(path); err == nil {
			found = append(found, path)
		}
	}
	return found
}
