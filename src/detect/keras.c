/* Judge of Keras models: configurations that run code, and HDF5 files that reach outside. */
#include "base/banned.h"
#include "detect/table.h"

enum { LAMBDA, FOREIGN, UNSAFE, FILEREF, DUPKEY, CUSTOM, EXTERNAL };

static const struct au_rule rules[] = {
	[LAMBDA] = {
		"KER-LAMBDA", AU_SAFETY, AU_CRITICAL, "Keras Lambda layer carries code",
		"A Lambda layer holds marshalled Python bytecode or names a function. Loading the model, or the "
		"first call of it, runs that code with the rights of the user.",
		"Do not load it. Ask for the model with the layer replaced by a named Keras layer, or for the "
		"weights alone in safetensors.",
	},
	[FOREIGN] = {
		"KER-FOREIGN-MODULE", AU_SAFETY, AU_CRITICAL, "Keras configuration names a module outside of Keras",
		"Rebuilding the model imports the module and calls the named object with arguments from the "
		"file; with the right name that is any command.",
		"Do not load it. Rebuild the model from code that you have read and load only weights.",
	},
	[UNSAFE] = {
		"KER-UNSAFE-CONFIG", AU_SAFETY, AU_CRITICAL, "Keras configuration calls a function that should not be in one",
		"The configuration uses a function of Keras or TensorFlow that downloads or unpacks files, "
		"unpickles a module, or switches the safe mode off while the model is being loaded.",
		"Do not load it, not with safe_mode either.",
	},
	[FILEREF] = {
		"KER-FILE-REF", AU_SAFETY, AU_HIGH, "Keras configuration names a file or an address to read",
		"Loading the model reads that file of the user's machine, or fetches that address, into the "
		"model, from where it can be read back.",
		"Ask for a model that holds its vocabulary itself.",
	},
	[DUPKEY] = {
		"KER-DUP-KEY", AU_SAFETY, AU_HIGH, "Key given twice in a Keras configuration",
		"Readers of JSON differ in which of the two values they take: a check and the loader can be "
		"shown different things. Keras never writes such a file.",
		"Do not load it.",
	},
	[CUSTOM] = {
		"KER-CUSTOM", AU_SAFETY, AU_LOW, "Keras model needs a custom object",
		"The model can only be loaded together with Python code that registers this object; the code "
		"is not part of the file.",
		"Read the code that comes with the model before running it.",
	},
	[EXTERNAL] = {
		"H5-EXTERNAL", AU_SAFETY, AU_HIGH, "HDF5 file reads from other files",
		"An external link, external storage or virtual dataset makes the HDF5 library open another "
		"file by its path while the model is loaded, so that files of the user end up in the model.",
		"Do not load it. Ask for a file that holds all of its data.",
	},
};

static const struct au_judge_row rows[] = {
	{ "keras.lambda", LAMBDA, "The Keras object '@' at '#' carries code that loading may run.", NULL },
	{ "keras.foreign", FOREIGN, "The configuration refers to '@' at '#'.", NULL },
	{ "keras.unsafe", UNSAFE, "The configuration uses '@' at '#'.", NULL },
	{ "keras.file", FILEREF, "The configuration names '@' at '#'.", NULL },
	{ "keras.dupkey", DUPKEY, "The key '@' is given twice at '#'.", NULL },
	{ "keras.custom", CUSTOM, "The model needs the custom object '@'.", NULL },
	{ "hdf5.external", EXTERNAL, "The HDF5 object '#' refers to the file '@'.", NULL },
};

static void judge(struct au_job *job, const struct au_entry *e)
{
	au_judge_table(job, e, rules, rows, sizeof(rows) / sizeof(*rows), 0);
}

const struct au_judge au_judge_keras = {
	.name = "keras",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
