/* assay version: ours and the libraries'. */
#include "base/banned.h"
#include "cli/cli.h"
#include "ext/archive.h"
#include "ext/digest.h"
#include "ext/yaml.h"

int au_cmd_version(struct au_args *a)
{
	if (au_given(a, OPT_JSON))
		printf("{\"name\": \"assay\", \"version\": \"%s\", \"libraries\": {\"archive\": \"%s\", \"yaml\": \"%s\", "
		       "\"openssl\": \"%s\"}}\n", AU_VERSION, au_archive_library_version(), au_yaml_version(),
		       au_digest_version());
	else
		printf("assay %s\n%s\nlibyaml %s\nOpenSSL %s\n", AU_VERSION, au_archive_library_version(),
		       au_yaml_version(), au_digest_version());
	return AU_EXIT_PASS;
}
