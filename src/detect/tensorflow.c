/* Judge of TensorFlow graphs: which operations do more than compute. Names are those that
 * TensorFlow registers (core/ops of TensorFlow 1 and 2). */
#include "base/banned.h"
#include "audit/format.h"
#include "base/text.h"

enum { PYFUNC, FILEOP, CUSTOM };

static const struct au_rule rules[] = {
	[PYFUNC] = {
		"TF-PYFUNC", AU_SAFETY, AU_CRITICAL, "TensorFlow operation runs Python or native code",
		"The graph calls back into Python or loads a native library when it is run; combined with "
		"what the process has registered that is any code.",
		"Do not load or run it. Ask for a model without Python functions.",
	},
	[FILEOP] = {
		"TF-FILE-OP", AU_SAFETY, AU_HIGH, "TensorFlow operation touches files or the network",
		"Running the graph reads, writes or lists files of the machine, or speaks to other machines, "
		"with paths that the graph itself decides.",
		"Do not run it outside of a sandbox. Ask for a model whose graph only computes.",
	},
	[CUSTOM] = {
		"TF-CUSTOM-OP", AU_SAFETY, AU_MEDIUM, "TensorFlow operation that is not one of TensorFlow's",
		"The graph runs only with a native library that provides the operation; that library is code "
		"this audit has not seen.",
		"Find out where the operation's library comes from before installing it.",
	},
};

static bool in(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (!strcmp(*list, s))
			return true;
	return false;
}

static bool starts(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (au_starts(s, *list))
			return true;
	return false;
}

static bool runs_code(const char *op)
{
	static const char *const names[] = {
		"PyFunc", "PyFuncStateless", "EagerPyFunc", "LoadLibrary", "LoadOpLibrary", "CompileExtension",
		"GeneratorDataset", "NumpyFunction", "ExecutePython", "Shell", "ShellExecute",
		"XlaCustomCallPython", "RemoteFusedGraphExecute", NULL };

	return in(names, op) || strstr(op, "PyFunc") || strstr(op, "PythonOp");
}

static bool touches_files(const char *op)
{
	static const char *const names[] = {
		"ReadFile", "WriteFile", "MatchingFiles", "WholeFileReader", "WholeFileReaderV2",
		"TextLineReader", "TextLineReaderV2", "TFRecordReader", "TFRecordReaderV2",
		"FixedLengthRecordReader", "FixedLengthRecordReaderV2", "LMDBReader", "LMDBDataset",
		"IdentityReaderFile", "TextLineDataset", "TFRecordDataset", "TFRecordDatasetV2",
		"FixedLengthRecordDataset", "FixedLengthRecordDatasetV2", "MatchingFilesDataset",
		"ExperimentalMatchingFilesDataset", "CSVDataset", "CSVDatasetV2", "ExperimentalCSVDataset",
		"SqlDataset", "ExperimentalSqlDataset", "ExperimentalLMDBDataset", "SaveDataset",
		"SaveDatasetV2", "LoadDataset", "SnapshotDataset", "SnapshotDatasetV2",
		"SnapshotDatasetReader", "SnapshotNestedDatasetReader",
		"DatasetToTFRecord", "ExperimentalDatasetToTFRecord", "DatasetToGraphFile",
		"DebugIdentity", "DebugIdentityV2", "DebugIdentityV3", "DebugNumericSummary",
		"CreateSummaryFileWriter", "CreateSummaryDbWriter", "ImportEvent", "WriteGraphSummary",
		"WriteRawProtoSummary", "RpcClient", "RpcServer", "RpcCall",
		"RpcServerStart", "RpcServerRegister", "TryRpc", "Rpc", "DataServiceDataset",
		"DataServiceDatasetV2", "DataServiceDatasetV3", "DataServiceDatasetV4",
		"RegisterDataset", "RegisterDatasetV2", "BigQueryReader", "BigtableClient",
		"GenerateBigQueryReaderPartitions", "AudioMicrophone", "FileSystemSetConfiguration",
		"ChooseFastestFile", "DistributedSave", "ListSnapshotChunksDataset",
		 NULL };

	return in(names, op);
}

/* Prefixes of operations that other well-known packages of the same house register. */
static const char *const companions[] = {
	"Sentencepiece", "SentencepieceOp", "WordpieceTokenize", "BertTokenizer", "FastWordpiece",
	"FastBert", "RegexSplit", "UnicodeS", "UnicodeD", "CaseFold", "NormalizeUTF8", "WhitespaceTokenize",
	"Addons>", "SimpleMLInference", "SimpleML", "YggdrasilOp", "Decision", "TensorFlowDecision",
	"Xla", "TPU", "Tpu", "Trt", "TRT", "_", "Mkl", "Quantized", "Boosted", "Ragged", "TF", "Tf", NULL };

/* A name that a package or a person made: TensorFlow's own have no namespace and no lower-case
 * start. */
static bool foreign(const char *op)
{
	if (strchr(op, '>'))
		return !starts(companions, op) && !au_starts(op, "TFText>") && !au_starts(op, "TF");
	return au_istr(op, "custom") && strcmp(op, "XlaCustomCall") && strcmp(op, "XlaCustomCallV2") &&
	       strcmp(op, "CustomCallOp");
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	AU_EACH_FACT(f, e) {
		bool network;

		if (strcmp(f->topic, "tf.op") || !f->text)
			continue;
		network = au_starts(f->text, "Rpc") || au_starts(f->text, "DataService");
		if (runs_code(f->text))
			au_find(job, &rules[PYFUNC], e, f->span, f->text,
				"The operation '%s' in the %s runs code.", f->text, f->aux);
		else if (touches_files(f->text))
			au_find(job, &rules[FILEOP], e, f->span, f->text, "The operation '%s' in the %s %s.", f->text,
				f->aux, network ? "speaks to other machines" : "touches files");
		else if (foreign(f->text))
			au_find(job, &rules[CUSTOM], e, f->span, f->text,
				"The operation '%s' in the %s is not one of TensorFlow's.", f->text, f->aux);
	}
}

const struct au_judge au_judge_tensorflow = {
	.name = "tensorflow",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
