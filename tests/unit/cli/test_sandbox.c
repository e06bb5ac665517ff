/* The sandbox, tried: what was given up is refused, what is needed still works. */
#include "cli/sandbox.c"
#include <setjmp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { READ_OUTSIDE = 1, WRITE = 2, SOCKET = 4, EXEC = 8, READ_INSIDE = 16 };

/* In a child, as it cannot be undone: which of the attempts worked, as bits. */
static int attempt(const char *inside, struct au_sandbox *s)
{
	char *const argv[] = { (char *)(uintptr_t)"true", NULL };
	int worked = 0, fd;

	au_sandbox_enter(s);
	if ((fd = open("/etc/passwd", O_RDONLY)) >= 0)
		worked |= READ_OUTSIDE;
	if ((fd = open("assay-sandbox-test", O_WRONLY | O_CREAT, 0600)) >= 0)
		worked |= WRITE;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		worked |= SOCKET;
	if ((fd = open(inside, O_RDONLY)) >= 0)
		worked |= READ_INSIDE;
	execv("/bin/true", argv);
	(void)fd;
	return worked;
}

static void refuses_what_it_gave_up(void **state)
{
	static const char *const paths[] = { "/usr/share", NULL };
	struct au_sandbox s = { .read = paths };
	int status, worked, pipes[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		uint8_t out[2];

		worked = attempt("/usr/share/common-licenses/GPL-3", &s);
		out[0] = (uint8_t)worked;
		out[1] = (uint8_t)((strcmp(s.landlock, "on") ? 0 : 1) | (strcmp(s.seccomp, "on") ? 0 : 2));
		_exit(write(pipes[1], out, 2) == 2 ? 0 : 1);
	}
	close(pipes[1]);
	uint8_t got[2];
	assert_int_equal(read(pipes[0], got, 2), 2); /* exec did not replace the child */
	waitpid(pid, &status, 0);
	worked = got[0];
	if (got[1] & 1) {
		assert_false(worked & READ_OUTSIDE);
		assert_false(worked & WRITE);
	} else {
		unlink("assay-sandbox-test");
	}
	if (got[1] & 2)
		assert_false(worked & SOCKET);
	assert_true(worked & READ_INSIDE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(refuses_what_it_gave_up) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
