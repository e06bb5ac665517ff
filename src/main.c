/* argv to cli/, nothing else. */
#include "base/banned.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return au_main(argc, argv);
}
