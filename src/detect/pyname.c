/* See pyname.h. The families follow what the interpreters' standard libraries and the frameworks
 * document about these modules. */
#include "base/banned.h"
#include "base/text.h"
#include "detect/pyname.h"

static const char *const dangerous_roots[] = {
	"os", "posix", "nt", "subprocess", "_posixsubprocess", "sys", "builtins", "__builtin__",
	"__builtins__", "importlib", "imp", "runpy", "code", "codeop", "pty", "commands", "popen2",
	"shutil", "socket", "ssl", "http", "urllib", "urllib2", "requests", "httpx", "aiohttp", "ftplib",
	"smtplib", "telnetlib", "xmlrpc", "webbrowser", "pickle", "_pickle", "cPickle", "dill",
	"cloudpickle", "joblib", "shelve", "marshal", "ctypes", "_ctypes", "cffi", "multiprocessing",
	"threading", "_thread", "asyncio", "atexit", "signal", "pdb", "bdb", "timeit", "cProfile",
	"profile", "trace", "doctest", "pip", "ensurepip", "setuptools", "distutils", "venv", "site",
	"pkgutil", "zipimport", "inspect", "gc", "operator", "_operator", "functools", "itertools",
	"pydoc", "platform", "tempfile", "glob", "tarfile", "zipfile", "codecs", "io", "_io", "types",
	"typing", "logging", "unittest", "jinja2", "mako", "paramiko", "fabric", "plumbum", "sh",
	"pexpect", "psutil", "IPython", "yaml", "sqlite3", "linecache", "fileinput", "concurrent", NULL };

/* Harmless members of the roots above. */
static const char *const fine[] = {
	"builtins.dict", "builtins.list", "builtins.tuple", "builtins.set", "builtins.int",
	"builtins.float", "builtins.str", "builtins.bool", "builtins.slice", "builtins.range",
	"builtins.len", "builtins.sum", "builtins.max", "builtins.min", "functools.partial",
	"logging.getLogger", "types.SimpleNamespace", "pathlib.Path", "pathlib.PosixPath",
	"pathlib.WindowsPath", "pathlib.PurePosixPath", "collections.OrderedDict",
	"collections.defaultdict", "argparse.Namespace", "datetime.timedelta", "datetime.datetime",
	"operator.itemgetter", "typing.Any", "typing.Optional", "os.path.join", "torch.device",
	"torch.Size", "torch.dtype", "torch.tensor", "torch.Tensor", "numpy.dtype", "torch.Generator",
	"numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy.ndarray",
	"numpy._core.multiarray.scalar", "numpy.array", "decimal.Decimal", "uuid.UUID",
	"logging.Formatter", "logging.StreamHandler", "sys.stdout", "sys.stderr", "sys.maxsize", NULL };

static const char *const known_roots[] = {
	"nemo", "torch", "pytorch_lightning", "lightning", "lightning_fabric", "omegaconf", "hydra",
	"transformers", "torchmetrics", "torchvision", "torchaudio", "diffusers", "timm", "monai",
	"kornia", "albumentations", "datasets", "accelerate", "peft", "trl", "fairseq", "fairseq2",
	"sklearn", "easydict", "addict", "yacs", "ray", "numpy", "scipy", "xgboost", "lightgbm", "nemo_text_processing",
	"megatron", "apex", "detectron2", "mmengine", "mmcv", "mmdet", "speechbrain", "espnet", "espnet2",
	"torch_geometric", "composer", "wandb", "ldm", "sgm", "keras", "collections", "argparse", "pathlib",
	"datetime", "decimal", "enum", "ultralytics", "models", "bitsandbytes", "schedulefree", "audiocraft",
	"flax", "optax", "jax", "tensorflow", "anemoi", "torchtune", "einops", "sentence_transformers", NULL };

static const char *const dangerous_leaves[] = {
	"system", "popen", "Popen", "eval", "exec", "execfile", "compile", "__import__", "import_module",
	"load_module", "loads", "load", "run", "call", "check_call", "check_output", "getoutput",
	"getattr", "setattr", "load_library", "load_state_dict_from_url", "download_url_to_file",
	"urlopen", "urlretrieve", "open", "rmtree", "remove", "unlink", "spawn", "fork", "hub.load",
	"load_url", "load_inline", "load_from_checkpoint", "torch_load", "read_pickle", "fromfile", "memmap",
	"get_method", "get_class", "get_object", "get_static_method", "run_path", "run_module",
	"set_default_dtype_hook", "loadtxt", "genfromtxt", NULL };

static bool in(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (!strcmp(*list, s))
			return true;
	return false;
}

static bool has_component(const char *name, const char *const *list)
{
	while (*name) {
		size_t n = strcspn(name, ".");

		for (const char *const *p = list; *p; p++)
			if (strlen(*p) == n && !memcmp(*p, name, n))
				return true;
		name += n + (name[n] == '.');
	}
	return false;
}

static bool root_in(const char *const *list, const char *name, size_t n)
{
	for (; *list; list++)
		if (strlen(*list) == n && !memcmp(*list, name, n))
			return true;
	return false;
}

enum au_pytier au_pyname_tier(const char *name)
{
	static const char *const inner[] = { "os", "sys", "subprocess", "builtins", "__builtins__", "_os",
					     "_sys", "importlib", "ctypes", "socket", "pickle", "cpp_extension",
					     "hub", "_dynamo", "package", NULL };
	const char *leaf;
	size_t root;

	if (!name || !*name || in(fine, name))
		return AU_PY_KNOWN;
	root = strcspn(name, ".");
	leaf = strrchr(name, '.');
	leaf = leaf ? leaf + 1 : name;
	if (root_in(dangerous_roots, name, root) || has_component(name + root, inner) || strstr(name, "__"))
		return AU_PY_DANGEROUS;
	if (in(dangerous_leaves, leaf))
		return AU_PY_DANGEROUS;
	if (root_in(known_roots, name, root))
		return AU_PY_KNOWN;
	while (*leaf == '_')
		leaf++;
	return *leaf >= 'A' && *leaf <= 'Z' ? AU_PY_CLASS : AU_PY_FUNCTION;
}
