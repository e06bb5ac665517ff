/* Landlock (kernel 5.13) for files, a seccomp filter for network and exec, rlimits for the rest;
 * see sandbox.h. Each degrades by itself where the kernel lacks it. */
#include "base/banned.h"
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "cli/sandbox.h"

static bool allow(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = { .allowed_access = access };
	struct stat st;
	bool ok;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return false;
	if (!fstat(beneath.parent_fd, &st) && !S_ISDIR(st.st_mode))
		beneath.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
	ok = !syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return ok;
}

static const char *landlock(const struct au_sandbox *s)
{
	static const uint64_t all =
		LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
		LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		LANDLOCK_ACCESS_FS_MAKE_SYM;
	static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
	struct landlock_ruleset_attr attr = { .handled_access_fs = all };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	const char *why = "on";

	if (ruleset < 0)
		return errno == EOPNOTSUPP ? "switched off in this kernel" : "not in this kernel";
	for (size_t i = 0; s->read[i]; i++)
		if (!allow(ruleset, s->read[i], reading))
			why = "a target could not be named to the kernel";
	if (s->tmp && !allow(ruleset, s->tmp, reading | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE |
					      LANDLOCK_ACCESS_FS_REMOVE_FILE))
		why = "the temporary directory could not be named to the kernel";
	if (!strcmp(why, "on") && syscall(SYS_landlock_restrict_self, ruleset, 0))
		why = "refused by the kernel";
	close(ruleset);
	return why;
}

#define DENY(nr) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1), \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

static const char *seccomp(void)
{
#ifdef ARCH
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* the x32 side door */
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
		DENY(SYS_socket), DENY(SYS_socketpair), DENY(SYS_connect), DENY(SYS_bind), DENY(SYS_listen),
		DENY(SYS_accept4), DENY(SYS_execve), DENY(SYS_execveat), DENY(SYS_ptrace), DENY(SYS_kexec_load),
		DENY(SYS_init_module), DENY(SYS_finit_module), DENY(SYS_bpf), DENY(SYS_mount), DENY(SYS_umount2),
		DENY(SYS_process_vm_readv), DENY(SYS_process_vm_writev), DENY(SYS_userfaultfd),
		DENY(SYS_perf_event_open), DENY(SYS_keyctl), DENY(SYS_add_key), DENY(SYS_request_key),
		DENY(SYS_io_uring_setup),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(*code),
				   .filter = (struct sock_filter *)(uintptr_t)code };

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		return "refused by the kernel";
	return "on";
#else
	return "no filter for this processor";
#endif
}

void au_sandbox_enter(struct au_sandbox *s)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		s->landlock = s->seccomp = "refused by the kernel";
		return;
	}
	s->landlock = landlock(s);
	s->seccomp = seccomp();
}
