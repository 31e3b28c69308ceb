package doctor

import "strings"

const sandboxName = "sandbox"

// judgeSandbox says what confines the code that is graded.
func (f facts) judgeSandbox() []Finding {
	out := Finding{Name: sandboxName, State: OK, What: "bubblewrap: no network, no files but the binary's own, all processes die with the run"}
	if f.sandboxErr != nil {
		out.State = Missing
		out.What, out.Next = f.whyNoSandbox()
		return []Finding{out, f.judgeLimits()}
	}
	return []Finding{out, f.judgeFilter(), f.judgeLimits()}
}

// appArmorProfile lets bubblewrap, and nothing else, make user namespaces on Ubuntu.
const appArmorProfile = `sudo tee /etc/apparmor.d/bwrap <<'END'
abi <abi/4.0>,
include <tunables/global>
profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
}
END
sudo systemctl reload apparmor`

// whyNoSandbox goes through the causes, from those that explain the most.
func (f facts) whyNoSandbox() (what, next string) {
	said := f.sandboxErr.Error()
	switch {
	case f.os == "darwin":
		return "there is none for macOS: graded code runs as you, with your files and network",
			"grade only your own work here; for others', use Linux, or Docker on this machine"
	case f.os == "windows":
		return "there is none for Windows: graded code runs as you, with your files and network",
			"grade only your own work here; for others', use WSL 2: wsl --install"
	case f.os != "linux":
		return "there is none for " + f.os, "for other people's work use Linux"
	case f.wsl1:
		return "WSL 1 has no namespaces", "wsl --set-version <distribution> 2"
	case f.bwrap == "":
		return "bubblewrap is not installed", "sudo apt install bubblewrap    (Fedora: sudo dnf install bubblewrap; Arch: sudo pacman -S bubblewrap)"
	case f.noClone:
		return "the kernel refuses user namespaces: " + said, "sudo sysctl -w kernel.unprivileged_userns_clone=1"
	case f.noSpaces:
		return "the kernel allows no user namespaces: " + said, "sudo sysctl -w user.max_user_namespaces=15000"
	case f.container:
		return "the container does not allow namespaces: " + said,
			"docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined ...\n" +
				"if that is not enough, add --cap-add SYS_ADMIN; or let the container itself be the sandbox, one for each student,\n" +
				"and say --sandbox none"
	case f.restricted && !f.root:
		return "Ubuntu's AppArmor restricts user namespaces: " + said, "allow bubblewrap to use them:\n" + appArmorProfile
	case strings.Contains(said, "Unknown option") || strings.Contains(said, "unknown option"):
		return "bubblewrap is too old: " + said, "install version 0.8 or later"
	}
	return said, "see https://github.com/containers/bubblewrap/issues"
}

func (f facts) judgeFilter() Finding {
	if f.arch == "amd64" || f.arch == "arm64" {
		return Finding{Name: "system calls", State: OK, What: "filtered by seccomp"}
	}
	return Finding{Name: "system calls", State: Weak, What: "not filtered: the grader has no seccomp filter for " + f.arch,
		Next: "grade other people's work on amd64 or arm64"}
}

// judgeLimits is about memory and processes.
func (f facts) judgeLimits() Finding {
	out := Finding{Name: "memory and tasks", State: OK, What: "capped by a cgroup"}
	switch {
	case f.cgroup:
	case f.os != "linux" || !f.children:
		out.State = Weak
		out.What = "not limited here; the wall clock and the output are"
		if f.os == "linux" {
			out.Next = "use a kernel with CONFIG_PROC_CHILDREN"
		}
	default:
		out.State = Weak
		out.What = "watched every 10 ms, not capped: fast growth may overshoot by some 10 MB"
		out.Next = "with systemd: systemd-run --user --scope -p Delegate=yes make grade"
		if f.root {
			out.What += ", and for root forks by hundreds"
			out.Next = "do not grade as root"
		}
	}
	return out
}
