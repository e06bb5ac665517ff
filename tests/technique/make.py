#!/usr/bin/env python3
"""Every way of hiding a call in a pickle, as bytes: make.py OUT writes OUT/NN-name/FILE and
OUT/NN-name/expect (the least severity, then rules that must be among the findings; "benign" for
files that must stay below medium). Nothing here is ever loaded; the command is `true`."""
import base64
import bz2
import gzip
import io
import lzma
import marshal
import os
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib

OUT = sys.argv[1]
P2, P4 = b"\x80\x02", b"\x80\x04"
CALL = "critical PKL-CALL-DANGEROUS"


def put(name, expect, files, file="model.pkl"):
    d = os.path.join(OUT, name)
    if isinstance(files, bytes):
        files = {file: files}
    for path, data in files.items():
        p = os.path.join(d, path)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "wb") as f:
            f.write(data)
    with open(os.path.join(OUT, name + ".expect"), "w", encoding="ascii") as f:
        f.write(expect + "\n")


def c(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def u(s):
    s = s.encode() if isinstance(s, str) else s
    return b"\x8c" + bytes([len(s)]) + s if len(s) < 256 else b"X" + struct.pack("<I", len(s)) + s


def b(s):
    return b"C" + bytes([len(s)]) + s if len(s) < 256 else b"B" + struct.pack("<I", len(s)) + s


def sg(module, name):
    return u(module) + u(name) + b"\x93"


def long_int(digits):
    return b"I" + digits + b"\n0"


ARG = u("true") + b"\x85R"
TEXT = b"(S'true'\ntR"
SYS = c("posix", "system") + TEXT          # a call, protocol 0, one value left
SYS4 = sg("posix", "system") + ARG
BAD = P4 + SYS4 + b"."


def zipped(members, **kw):
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", **kw) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data, compress_type=kw.get("compression", zipfile.ZIP_STORED))
    return f.getvalue()


def names():
    for module, name in [("pathlib", "os.system"), ("torch", "serialization.os.system"), ("logging", "os.system"),
                         ("random", "_os.system"), ("__main__", "__builtins__.eval"),
                         ("torch", "_utils.sys.modules"), ("numpy", "core.os.system"),
                         ("collections", "OrderedDict.__init__.__globals__"), ("transformers", "utils.os.popen"),
                         ("sklearn.utils", "os.system"), ("pandas.core.frame", "DataFrame.__init__.__globals__")]:
        put("01-dotted-%s-%s" % (module, name), "high", P4 + sg(module, name) + ARG + b".")
        put("01-dotted-line-%s-%s" % (module, name), "high", P4 + c(module, name) + TEXT + b".")
    put("01-dotted-old", "medium PKL-DOTTED", P2 + c("pathlib", "os.system") + TEXT + b".")
    for module, name in [("commands", "getoutput"), ("__builtin__", "eval"), ("cPickle", "loads"), ("urllib2", "urlopen"),
                         ("__builtin__", "reduce"), ("itertools", "imap")]:
        put("02-python2-%s.%s" % (module, name), "high", P2 + c(module, name) + TEXT + b".")
    tail = b"\x93" + ARG + b"."
    put("03-unicode-escape", CALL, P4 + b"V\\u0070osi\\x78\n".replace(b"\\x78", b"\\u0078") + b"Vsyst\\u0065m\n" + tail)
    put("03-unicode-escape-8", CALL, P4 + b"V\\U00000070osix\nVsystem\n" + tail)
    put("03-string-escape", CALL, P4 + b"S'\\x70\\157six'\nS\"s\\171stem\"\n" + tail)
    put("03-binstring", CALL, P4 + b"U\x05posixT\x06\0\0\0system" + tail)
    put("03-binunicode8", CALL, P4 + b"\x8d" + struct.pack("<Q", 5) + b"posix" + b"X\x06\0\0\0system" + tail)
    put("03-memoised-names", CALL, P4 + u("posix") + b"\x94" + u("system") + b"\x94\x93\x94" + ARG + b".")
    put("03-crlf-line", "medium", b"cposix\r\nsystem\r\n(S'true'\ntR.")
    put("04-computed-module", "high PKL-DYNAMIC-GLOBAL", P4 + sg("builtins", "str") + u("posix") + b"\x85R" + u("system") + tail)
    put("04-computed-name", "high", P4 + u("posix") + sg("builtins", "bytes.decode") + b("system".encode()) + b"\x85R" + tail)
    put("04-computed-join", "high", P4 + u("posix") + sg("builtins", "str.join") + u("") + b"(" + u("sys") + u("tem") + b"l\x86R" + tail)
    put("05-bytes-name", "medium", P4 + b"C\x05posixC\x06system\x93.")
    put("05-payload-then-bytes-name", CALL, P4 + SYS4 + b"0C\x05posixC\x06system\x93.")
    put("05-payload-then-int-name", CALL, P4 + SYS4 + b"0K\x01K\x02\x93.")


def memo():
    put("06-get-out-of-order", CALL, P4 + u("system") + b"q\x070" + u("posix") + b"q\x010h\x01h\x07\x93" + ARG + b".")
    put("06-overwritten", CALL, P4 + u("math") + b"q\x010" + u("posix") + b"q\x010" + b"h\x01" + u("system") + b"\x93" + ARG + b".")
    put("06-sparse-slot", "critical PKL-CALL-DANGEROUS PKL-RESOURCE",
        P4 + u("posix") + b"r\xff\xff\xff\x7f0j\xff\xff\xff\x7f" + u("system") + b"\x93" + ARG + b".")
    put("07-memoize-counts", CALL, P4 + u("x") + b"q\x050" + u("posix") + b"\x940h\x01" + u("system") + b"\x93" + ARG + b".")
    put("07-text-keys", CALL, P4 + u("posix") + b"p 1_0\n0" + u("system") + b"p+0\n0g10\ng00\n\x93" + ARG + b".")
    for n, decoy in enumerate([b"20", b"(N1", b"(0", b"K\x010", b")0", b"(K\x01K\x02t0", b"]0", b"(((111"]):
        put("08-decoy-%d" % n, CALL, P4 + u("posix") + decoy + u("system") + decoy + b"\x93" + decoy + u("true") + decoy + b"\x85R.")
    for what, junk in {"undefined-get": b"h\x63.", "underflow": b"0000.", "no-mark": b"t.", "long4": b"\x8b\xff\xff\xff\xff.",
                       "bad-utf8": b"\x8c\x02\xff\xfe.", "protocol-6": b"\x80\x06.", "unknown-opcode": b"\xff.", "end": b"",
                       "cut-literal": b"X\xff\xff\xff\x7fab", "next-buffer": b"\x97.", "unhashable": b"}]Ns.",
                       "int": b"Ixyz\n.", "float": b"Fabc\n.", "put": b"pxyz\n.", "string": b"Sabc\n."}.items():
        put("09-error-after-" + what, CALL, P4 + SYS4 + junk)
    put("09-error-before", "medium", P4 + b"h\x63" + SYS4 + b".")
    put("09-only-names-cut", "high", P4 + sg("posix", "system"))


def calls():
    put("10-inst", CALL, b"(S'true'\niposix\nsystem\n.")
    put("10-obj", CALL, b"(" + c("posix", "system") + b"S'true'\no.")
    put("10-obj-popped", CALL, b"(" + c("posix", "system") + b"S'true'\no0N.")
    put("10-newobj", "high", P4 + sg("subprocess", "Popen") + u("true") + b"\x85\x81.")
    put("10-newobj-ex", "high", P4 + sg("subprocess", "Popen") + u("true") + b"\x85}\x92.")
    put("10-newobj-call", "high", P4 + sg("copyreg", "__newobj__") + sg("subprocess", "Popen") + u("true") + b"\x86R.")
    put("10-persid-class", "high", P2 + b"(X\x06\0\0\0module" + c("posix", "system") + b"X\1\0\0\0aX\1\0\0\0btQ" + TEXT + b".")
    put("11-extension", "critical PKL-EXT-CALL", P2 + c("copyreg", "add_extension") + b"(S'os'\nS'system'\nK\xf0tR0\x82\xf0" + TEXT + b".")
    put("11-extension-only", "critical PKL-EXT-CALL", P2 + b"\x82\xf0" + TEXT + b".")
    put("11-extension-4", "high PKL-EXT-OPCODE", P2 + b"\x84\x01\x02\0\0.")
    put("12-build-dict", "high PKL-BUILD-GLOBAL", P4 + sg("collections", "OrderedDict") + b"}" + u("__init__") + sg("collections", "Counter") + b"sb.")
    put("12-build-slots", "high PKL-BUILD-GLOBAL", P4 + sg("collections", "Counter") + b"N}" + u("__init__") + sg("builtins", "print") + b"s\x86b.")
    put("13-setitem", "high PKL-MUTATE-GLOBAL", P4 + sg("collections", "OrderedDict") + u("x") + b"Ns.")
    put("13-setitems", "high PKL-MUTATE-GLOBAL", P4 + sg("sys", "modules") + b"(" + u("x") + b"Nu.")
    put("13-append", "high", P4 + sg("sys", "path") + u("/tmp") + b"a.")
    put("13-appends", "high", P4 + sg("sys", "path") + b"(" + u("/tmp") + b"e.")
    put("13-tensor-item", "high PKL-TYPE-CONFUSION",
        P2 + c("torch._utils", "_rebuild_tensor_v2") + b"(K\x00K\x00(K\x01t(K\x01t\x89" + c("collections", "OrderedDict") + b")RtRK\x00K\x01s.")
    put("14-call-of-call", "high", P4 + sg("collections", "OrderedDict") + b")R" + u("x") + b"\x85R.")
    put("14-map", "high", P4 + sg("builtins", "list") + sg("builtins", "map") + sg("posix", "system") + b"]" + u("true") + b"a\x86R\x85R.")
    put("14-filter-unknown", "high", P4 + sg("builtins", "filter") + sg("mymodule", "helper") + b"]" + u("true") + b"a\x86R.")
    put("14-partial", "high", P4 + sg("functools", "partial") + sg("mymodule", "helper") + u("x") + b"\x86R.")
    put("14-partial-dangerous", "high", P4 + sg("functools", "partial") + sg("posix", "system") + u("x") + b"\x86R.")
    put("14-defaultdict", "high", P4 + sg("collections", "defaultdict") + sg("mymodule", "factory") + b"\x85R.")
    for module, name in [("weakref", "finalize"), ("atexit", "register"), ("threading", "Timer"), ("signal", "signal"),
                         ("sched", "scheduler"), ("contextlib", "ExitStack"), ("concurrent.futures", "ProcessPoolExecutor"),
                         ("pickle", "loads"), ("_pickle", "loads"), ("dill", "loads"), ("joblib", "load"), ("torch", "load"),
                         ("pandas", "read_pickle"), ("numpy", "load"), ("torch.storage", "_load_from_bytes"), ("marshal", "loads"),
                         ("types", "FunctionType"), ("runpy", "run_path"), ("importlib", "import_module"), ("ctypes", "CDLL"),
                         ("mymodule", "evil_function"), ("torch.fx.graph_module", "reduce_graph_module"), ("builtins", "getattr"),
                         ("idlelib.pyshell", "ModifiedInterpreter.runcommand"), ("cProfile", "run"), ("pip", "main")]:
        put("15-call-%s.%s" % (module, name), "high", P4 + sg(module, name) + ARG + b".")
    for what, f in {"pickle": lambda x: x, "zlib": zlib.compress, "base64": base64.b64encode, "hex": lambda x: x.hex().encode(),
                    "gzip": lambda x: gzip.compress(x, mtime=0), "bz2": bz2.compress, "lzma": lzma.compress}.items():
        blob = f(BAD)
        known = what not in ("bz2", "lzma")
        put("15-literal-" + what, "medium PKL-NESTED" if known else "info", P4 + b(blob) + b".")
        put("15-literal-text-" + what, "medium PKL-NESTED" if what in ("pickle", "base64", "hex") else "info",
            P4 + u(blob.decode("latin1").encode()) + b".")
    put("15-literal-marshal", "medium PKL-NESTED", P4 + b(marshal.dumps(compile("pass", "x", "exec"))) + b".")
    put("16-local-module", "high PKL-LOCAL-MODULE", {"model.pkl": P4 + sg("helper_module", "Thing") + b")\x81.", "helper_module.py": b"x = 1\n"})


def stream():
    for n, i in enumerate([b"0x10", b"0o17", b"0" * 5000, b"0b1", b"1" * 4400, b"-0x1", b" 7", b"1_000"]):
        put("17-int-%d" % n, CALL, long_int(i) + SYS + b".")
        put("17-long-%d" % n, CALL, b"L" + i + b"L\n0" + SYS + b".")
    put("17-non-ascii-string", CALL, b"S'\xc3\xa9'\n0" + SYS + b".")
    hidden = SYS4 + b"0N."
    pad = P4 + b"B" + struct.pack("<I", 140000) + b"\0" * 140000 + b"0"
    body = hidden.ljust(0x107 + 5, b".")
    put("18-straddle", "high PKL-FRAME-VIOLATION", pad + b"\x95" + struct.pack("<Q", 2) + b"B\x07\x01\0\0" + body[:0x107] + b".")
    put("18-long-frame", "critical PKL-FRAME-VIOLATION", P4 + b"\x95" + struct.pack("<Q", 1 << 40) + SYS4 + b".")
    put("18-nested-frame", "critical PKL-FRAME-VIOLATION", P4 + b"\x95" + struct.pack("<Q", 40) + b"\x95" + struct.pack("<Q", 4) + SYS4 + b".")
    put("19-second-stream", CALL, P4 + b"N." + BAD)
    for n in (7, 300, 70000):
        put("19-after-junk-%d" % n, "high", P4 + b"N." + b"\x01" * n + BAD)
        put("19-text-after-junk-%d" % n, "high", P4 + b"N." + b"\x01" * n + SYS + b".")
    put("19-many-streams", CALL, b"N." * 60000 + BAD)
    put("19-literal-before", CALL, P4 + b"B" + struct.pack("<I", 1 << 20) + b"x" * (1 << 20) + b"0" + SYS4 + b".")
    put("19-deep", CALL, P4 + b"]" * 20000 + b"a" * 19999 + b"0" + SYS4 + b".")
    put("19-tuples", CALL, P4 + b"N" + b"\x85" * 50000 + b"0" + SYS4 + b".")
    put("20-laughs", "high PKL-RESOURCE", P4 + b"]\x94(NNNNNNNNNNe" + b"".join(b"](" + bytes([0x68, i]) * 10 + b"e\x94" for i in range(20)) + b".")
    put("20-laughs-tuple", "high PKL-RESOURCE", P4 + b"N\x94" + b"".join(b"(" + bytes([0x68, i]) * 10 + b"t\x94" for i in range(24)) + b".")


MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")


def legacy(payload=b"N", at=3, tail=b"\0" * 16):
    parts = [MAGIC, P2 + b"M\xe9\x03.", P2 + b"}q\0X\x10\0\0\0protocol_versionq\x01M\xe9\x03s.",
             P2 + c("collections", "OrderedDict") + b")R.", P2 + b"]."]
    if at < 5:
        parts[at] = P2 + payload + b"."
    return b"".join(parts) + tail


def containers():
    for at in range(1, 5):
        put("21-legacy-stream-%d" % at, CALL, legacy(c("posix", "system") + TEXT, at), "model.pt")
    put("21-legacy-eval-magic", "high", P2 + c("builtins", "eval") + b"(X\x01\0\0\0" + b"1tR." + legacy()[len(MAGIC):], "model.pt")
    put("21-legacy-trailing", "medium", legacy(tail=b"\0" * 4096 + BAD), "model.pt")
    put("22-pk-text", CALL, b"PK\x03\x04\n0" + SYS + b".")
    good = zipped([("archive/data.pkl", P2 + c("collections", "OrderedDict") + b")R."), ("archive/version", b"3\n")])
    bad = zipped([("archive/data.pkl", P2 + SYS + b"."), ("archive/version", b"3\n")])
    put("22-pickle-before-zip", "high", BAD + good, "model.pt")
    put("22-pickle-behind-zip", "info", good + BAD, "model.pt")
    put("23-zip", CALL, bad, "model.pt")
    put("23-zip-upper", CALL, zipped([("archive/DATA.PKL", P2 + SYS + b".")]), "model.pt")
    put("23-zip-deflated", CALL, zipped([("archive/data.pkl", P2 + SYS + b".")], compression=zipfile.ZIP_DEFLATED), "model.pt")
    put("23-zip-bzip2", CALL, zipped([("archive/data.pkl", P2 + SYS + b".")], compression=zipfile.ZIP_BZIP2), "model.zip")
    put("23-zip-lzma", CALL, zipped([("archive/data.pkl", P2 + SYS + b".")], compression=zipfile.ZIP_LZMA), "model.zip")
    put("23-zip-tail", CALL, bad + b"\0" * 4000, "model.pt")
    put("23-zip-prefix", CALL, b"\0" * 4000 + bad, "model.pt")
    put("23-zip-duplicate", CALL, zipped([("archive/data.pkl", P2 + SYS + b"."), ("archive/data.pkl", P2 + b"N.")]), "model.pt")
    for bit in (0x1, 0x20, 0x40, 0x800, 0x8):
        z = bytearray(bad)
        z[6:8] = struct.pack("<H", bit)
        put("23-zip-local-flags-%x" % bit, CALL, bytes(z), "model.pt")
    for what, at, val in [("method", 8, b"\x63\0"), ("crc", 14, b"\1\2\3\4"), ("sizes", 18, b"\0" * 8)]:
        z = bytearray(bad)
        z[at:at + len(val)] = val
        put("23-zip-local-" + what, CALL, bytes(z), "model.pt")
    nested = bad
    for n in range(3):
        nested = zipped([("inner%d.zip" % n, nested)])
    put("24-zip-in-zip", CALL, nested, "model.zip")
    for what, data in {"gz": gzip.compress(BAD, mtime=0), "bz2": bz2.compress(BAD), "xz": lzma.compress(BAD),
                       "lzma": lzma.compress(BAD, lzma.FORMAT_ALONE), "z": zlib.compress(BAD),
                       "joblib": b"ZF0x" + (b"%-17s" % hex(len(BAD))[2:].encode()) + zlib.compress(BAD)}.items():
        put("24-packed-" + what, CALL, data, "model.pkl." + what)
        put("24-packed-unnamed-" + what, CALL, data, "model.bin")
    f = io.BytesIO()
    with tarfile.open(fileobj=f, mode="w") as t:
        for name, data in [("pickle", P2 + SYS + b"."), ("storages", P2 + b"K\x00."), ("tensors", P2 + b"K\x00."), ("sys_info", P2 + b"}.")]:
            i = tarfile.TarInfo(name)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))
    put("24-torch-tar", CALL, f.getvalue(), "model.pt")
    put("24-tar-gz", CALL, gzip.compress(f.getvalue(), mtime=0), "model.tar.gz")
    put("24-npy-raw-pickle", CALL, BAD, "x.npy")
    for what, descr in {"O": "'|O'", "O8": "'O8'", "object": "'object'", "field": "[('a', '<i4'), ('b', '|O')]"}.items():
        for ver in (1, 2, 3):
            h = ("{'descr': %s, 'fortran_order': False, 'shape': (1,), }" % descr).encode().ljust(117) + b"\n"
            put("24-npy-%s-v%d" % (what, ver), CALL, b"\x93NUMPY" + bytes([ver, 0]) + struct.pack("<H" if ver == 1 else "<I", len(h)) + h + BAD, "x.npy")
    h = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    npy = b"\x93NUMPY\x01\0" + struct.pack("<H", len(h)) + h + BAD
    put("24-npz", CALL, zipped([("a.npy", npy)]), "x.npz")
    put("24-npz-bare", CALL, zipped([("a", npy)]), "x.npz")
    wrap = (P4 + sg("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81}(" + u("subclass") + sg("numpy", "ndarray") +
            u("shape") + b"K\x04\x85" + u("order") + u("C") + u("dtype") + sg("numpy", "dtype") + u("%s") + b"\x89\x88\x87R"
            b"(K\x03" + u("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb" + u("allow_mmap") + b"\x88" + b"%s" + b"ub")
    i8 = wrap.replace(u("%s"), u("i8")).replace(b"%s", u("numpy_array_alignment_bytes") + b"K\x10")
    padn = 16 - (len(i8) + 1) % 16
    put("25-joblib-after-array", CALL, i8 + bytes([padn]) + b"\xff" * padn + b".P(ciRb0" * 4 + b"0" + SYS4 + b".")
    i8n = wrap.replace(u("%s"), u("i8")).replace(b"%s", u("x") + b"K\x10")
    put("25-joblib-unaligned", CALL, i8n + b".P(ciRb0." * 3 + b"12345" + b"0" + SYS4 + b".")
    obj = wrap.replace(u("%s"), u("O8")).replace(b"K\x00tb", b"K\x3ftb").replace(u("<"), u("|")).replace(b"%s", u("x") + b"K\x10")
    put("25-joblib-object", CALL, obj + BAD + b"0N.")
    put("26-torchscript", "high PT-TORCHSCRIPT-FILE-OP",
        zipped([("m/data.pkl", P2 + b"N."), ("m/constants.pkl", P2 + b")."), ("m/version", b"3\n"),
                ("m/code/__torch__/a.py", b"class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n"
                 b"    y = torch.from_file(\"/etc/hostname\", False, 10)\n    return y\n")]), "model.pt")
    put("26-mar", "medium", zipped([("MAR-INF/MANIFEST.json", b'{"model": {"handler": "handler.py", "serializedFile": "m.pt"}}'),
                                    ("handler.py", b"import os\nos.system('true')\n"), ("m.pt", bad)]), "model.mar")


def harmless():
    obj = {"a": [1, 2.5, None, True, "text", b"bytes"], "b": (1, (2, 3)), "c": {1, 2}, "d": complex(1, 2), 5: 1 << 100}
    for p in range(6):
        put("90-plain-%d" % p, "benign", pickle.dumps(obj, p))
    import collections
    import datetime
    import decimal
    import pathlib
    import uuid
    more = [collections.OrderedDict(a=1), collections.Counter("abc"), collections.defaultdict(int), datetime.datetime(2020, 1, 1),
            decimal.Decimal("1.5"), pathlib.PurePosixPath("/x"), uuid.UUID(int=5), range(5), slice(1, 2), frozenset([1])]
    for p in range(6):
        put("90-objects-%d" % p, "benign", pickle.dumps(more, p))
    put("90-deep", "benign", pickle.dumps([[i] for i in range(70000)], 5))
    put("90-big-literal", "benign", pickle.dumps(b"x" * 3000000, 5))
    put("90-legacy", "benign", legacy(tail=b""), "model.pt")
    put("90-shared", "benign", P4 + b"]\x94(" + b"K\x01" * 50 + b"e](" + b"h\x00" * 50 + b"e\x86.")
    for n, text in enumerate([b"import os\nprint(1)\n", b"c is for cookie\nand more\n.", b"Name: x\nVersion: 1.\n", b"(a) one\n(b) two.\n",
                              b"N.\n", b"I am text.\n", b"PK is short\nfor Phil.\n", b"lorem ipsum dolor."]):
        put("91-text-%d" % n, "benign", text, "notes.txt")


os.makedirs(OUT, exist_ok=True)
for part in (names, memo, calls, stream, containers, harmless):
    part()
