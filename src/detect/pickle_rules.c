/* The words of the pickle rules. */
#include "base/banned.h"
#include "detect/pickle_rules.h"

#define DO_NOT "Do not load it. Ask the publisher for the weights in safetensors format."
#define CHECK "Load it only in a sandbox, after reading what it imports with `assay inspect`; better, ask for safetensors."

const struct au_rule au_pickle_rules[PKL_N] = {
	[PKL_CALL] = { "PKL-CALL-DANGEROUS", AU_SAFETY, AU_CRITICAL, "Pickle calls a dangerous function",
		"Unpickling calls any function the file names, with arguments from the file. This one runs programs "
		"or code, reaches files or the network, or loads more code: it happens before the loader returns.",
		DO_NOT },
	[PKL_EXT_CALL] = { "PKL-EXT-CALL", AU_SAFETY, AU_CRITICAL, "Pickle calls an object by extension code",
		"An extension code stands for whatever the registry of copyreg holds when the file is loaded; the "
		"file can fill the registry itself. Calling it hides what is called.", DO_NOT },
	[PKL_GLOBAL] = { "PKL-DANGEROUS-GLOBAL", AU_SAFETY, AU_HIGH, "Pickle imports a dangerous name",
		"The name is looked up, and its module imported, while the file is loaded. No model needs it; it may "
		"be called in a way that cannot be followed.", DO_NOT },
	[PKL_DYNAMIC] = { "PKL-DYNAMIC-GLOBAL", AU_SAFETY, AU_HIGH, "Pickle computes the name it imports",
		"Picklers write the names of imports as literal strings. Names that come out of calls are made to "
		"hide what is imported.", DO_NOT },
	[PKL_EXT] = { "PKL-EXT-OPCODE", AU_SAFETY, AU_HIGH, "Pickle uses an extension code",
		"Extension codes stand for objects that only the loading program's registry knows. Model files do "
		"not use them.", DO_NOT },
	[PKL_CALL_UNKNOWN] = { "PKL-CALL-UNKNOWN-FUNC", AU_SAFETY, AU_HIGH, "Pickle calls an unknown function",
		"Unpickling calls a function that is not among those that ordinarily rebuild models. What it does "
		"with arguments chosen by the file is not known.", CHECK },
	[PKL_COMPUTED] = { "PKL-CALL-COMPUTED", AU_SAFETY, AU_HIGH, "Pickle calls the result of a call",
		"What is called is itself made while loading, so it cannot be told what runs. Picklers call only "
		"what they import by name.", DO_NOT },
	[PKL_INDIRECT] = { "PKL-CALL-INDIRECT", AU_SAFETY, AU_HIGH, "Pickle hands a function to one that calls it",
		"partial, map, defaultdict and their like call the function they are given, at once or when the "
		"loaded object is first used.", DO_NOT },
	[PKL_BUILD] = { "PKL-BUILD-GLOBAL", AU_SAFETY, AU_HIGH, "Pickle sets attributes of an imported object",
		"BUILD on a module, class or function replaces its attributes for the whole process: harmless "
		"methods become others. Picklers only set the state of objects they made.", DO_NOT },
	[PKL_MUTATE] = { "PKL-MUTATE-GLOBAL", AU_SAFETY, AU_HIGH, "Pickle changes an imported container",
		"Items are set in, or appended to, an object that belongs to the process (such as sys.modules or "
		"sys.path).", DO_NOT },
	[PKL_CONFUSION] = { "PKL-TYPE-CONFUSION", AU_SAFETY, AU_MEDIUM, "Pickle uses a value of the wrong type",
		"No pickler writes such a value there. It makes scanners fail, and some loaders misread memory.",
		DO_NOT },
	[PKL_FRAME] = { "PKL-FRAME-VIOLATION", AU_SAFETY, AU_HIGH, "Pickle frames and opcodes disagree",
		"Unpicklers that read by frames and those that do not see different opcodes: a scanner and a loader "
		"can be shown different programs.", DO_NOT },
	[PKL_RESIDUE] = { "PKL-RESIDUE-GLOBAL", AU_SAFETY, AU_HIGH, "Dangerous import outside of the streams",
		"Bytes behind an error or behind the last stream hold an import of a dangerous name. A loader that "
		"reads on, or reads differently, runs it.", DO_NOT },
	[PKL_RESOURCE] = { "PKL-RESOURCE", AU_SAFETY, AU_HIGH, "Loading the pickle takes immense memory",
		"A few bytes of the file stand for very many objects or a very large table: loading it, or walking "
		"what was loaded, stops the machine.", "Do not load it without a memory limit." },
	[PKL_LOCAL] = { "PKL-LOCAL-MODULE", AU_SAFETY, AU_HIGH, "Pickle imports a module that ships with it",
		"Loading the file from its own folder imports the Python file beside it, and runs what is in it.",
		"Read the module's code before you load the file, or ask for safetensors." },
	[PKL_TAMPER] = { "PKL-SCANNER-TAMPER", AU_SAFETY, AU_CRITICAL, "Pickle reaches into a scanner or audit hook",
		"The file names the inside of a security tool, or the interpreter's audit hooks: it means to switch "
		"them off.", DO_NOT },
	[PKL_NESTED] = { "PKL-NESTED", AU_SAFETY, AU_MEDIUM, "A literal in the pickle is itself a pickle",
		"A pickle inside a bytes or text literal runs when the outer one hands it to a loader. Ordinary "
		"model files seldom need it.", CHECK },
	[PKL_UNKNOWN] = { "PKL-UNKNOWN-GLOBAL", AU_SAFETY, AU_MEDIUM, "Pickle imports an unknown name",
		"The name is not among those that model files ordinarily use. Importing runs its module's code.",
		CHECK },
	[PKL_CLASS] = { "PKL-UNKNOWN-CLASS", AU_SAFETY, AU_MEDIUM, "Pickle builds objects of an unknown class",
		"The class is not among those that model files ordinarily use; its constructor and its "
		"__setstate__ run on data from the file.", CHECK },
	[PKL_DOTTED] = { "PKL-DOTTED", AU_SAFETY, AU_MEDIUM, "Pickle imports a dotted name below protocol 4",
		"A dotted name leads through a module to what it imports. This stream's protocol does not walk the "
		"dots, so the import fails; other loaders may walk them.", CHECK },
	[PKL_BROKEN] = { "PKL-BROKEN-STREAM", AU_SAFETY, AU_MEDIUM, "Pickle stream is broken",
		"The loader fails in the middle. Everything before that place has run by then, and scanners that "
		"give up on errors report nothing.", "Ask the publisher for an intact file; do not load this one." },
	[PKL_INT] = { "PKL-INT-ODD", AU_SAFETY, AU_MEDIUM, "Integer in an unusual spelling",
		"No pickler writes integers so. Loaders accept it, while many scanners stop there.", CHECK },
	[PKL_TRAILING] = { "PKL-TRAILING-DATA", AU_SAFETY, AU_LOW, "Data behind the last stream",
		"Loaders stop at the end of the first stream; what follows can be anything.",
		"Ask the publisher what the data is." },
	[PKL_PROTO] = { "PKL-PROTO-MISPLACED", AU_SAFETY, AU_LOW, "Protocol header in the middle of a stream",
		"Picklers write it first and once. In the middle it changes how names are looked up.",
		"Have a look at the file with `assay inspect`." },
	[PKL_PRESENT] = { "PKL-PRESENT", AU_SAFETY, AU_INFO, "File is a pickle",
		"Loading a pickle runs what the file says. All that this one imports and calls was checked.",
		"Prefer safetensors where there is a choice." },
	[PKL_MANY] = { "PKL-MANY", AU_SAFETY, AU_MEDIUM, "Pickle names more things than are listed",
		"Only the first findings of this file are listed.", CHECK },
};
