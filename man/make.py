#!/usr/bin/env python3
"""Write man/assay.1 from the tables of options and commands. `--check` only compares."""
import re, sys

NAME, TABLES = "man/assay.1", ("src/cli/options.list", "src/cli/verbs.list")
OPTION = re.compile(r'OPT\((\w+), "([^"]+)", (0|\'.\'), (NULL|"[^"]*"), ([^,]+), "([^"]+)",\s*"((?:[^"\\]|\\.)*)"\)')
VERB = re.compile(r'VERB\((\w+), "([^"]+)", "([^"]*)", \w+, "([^"]*)"\)')

HEAD = r""".\" Made by man/make.py from src/cli/options.list and src/cli/verbs.list.
.Dd November 24, 2026
.Dt ASSAY 1
.Os
.Sh NAME
.Nm assay
.Nd audit models, datasets and code for licences and safety
.Sh SYNOPSIS
.Nm
.Ar command
.Op Ar options
.Op Ar path ...
.Sh DESCRIPTION
.Nm
looks at model repositories, datasets, archives and code trees before anyone adopts them.
It says which licences are declared, which texts are really there and what they inherit,
which files are known and as what, what would happen when a file is loaded,
and what could not be read.
Nothing is loaded or executed, and nothing is ever sent anywhere.
.Pp
The commands are:
.Bl -tag -width completion
"""
MIDDLE = """.El
.Pp
A target is a file, a directory, an archive, or
.Sq - ,
standard input.
Archives are opened to any depth within the limits; a member is named
.Pa a.tar.gz!/b.zip!/c.pkl .
Links are followed only inside a hub cache snapshot.
.Sh OPTIONS
Every long option can be set in the environment as
.Ev ASSAY_OPTION ;
the command line wins.
"""
TAIL = """.El
.Sh ENVIRONMENT
.Bl -tag -width GITHUB_STEP_SUMMARY
.It Ev NO_COLOR , FORCE_COLOR , TERM
Whether text is coloured when
.Fl Fl color
does not say.
.It Ev CI , PRE_COMMIT
Switch the progress bar off.
.It Ev GITHUB_STEP_SUMMARY
File that
.Fl Fl summary
appends to.
.It Ev SOURCE_DATE_EPOCH
Time stamp of documents that need one.
.It Ev TMPDIR
Where large members of archives are unpacked to, in files without a name.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
The gate passed and everything was read.
.It 1
The gate failed.
.It 2
The gate passed, but something could not be read.
.It 3
There was nothing to scan.
.It 4
Wrong option, configuration, policy, waiver or rule file.
.It 70
Internal error.
.El
.Pp
A signal ends with 128 plus its number, after the reports are written.
.Sh EXAMPLES
Audit a model repository:
.Pp
.Dl assay scan ./model
.Pp
In continuous integration, with a report for the code host and a summary:
.Pp
.Dl assay scan -o sarif=assay.sarif -o markdown=summary.md .
.Pp
What would a file do when it is loaded?
.Pp
.Dl assay inspect weights.pt
.Pp
How does a licence text differ from the original?
.Pp
.Dl assay licence diff LICENSE MIT
.Sh SEE ALSO
.Xr assay.yaml 5
"""


def page():
    options = OPTION.findall(open(TABLES[0]).read())
    out, group = [HEAD], None
    for _, name, args, text in VERB.findall(open(TABLES[1]).read()):
        out.append(f".It Cm {name}" + (f" Ar {args}" if args else "") + f"\n{text[0].upper()}{text[1:]}.\n")
    out.append(MIDDLE)
    for _, name, letter, arg, _, g, text in options:
        if g != group:
            out.append((".El\n" if group else "") + f".Ss {g}\n.Bl -tag -width Ds\n")
            group = g
        line = ".It " + (f"Fl {letter[1]} , " if letter != "0" else "") + f"Fl Fl {name}"
        out.append(line + (f" Ns = Ns Ar {arg[1:-1]}" if arg != "NULL" else "") + f"\n{text[0].upper()}{text[1:]}.\n")
    return "".join(out + [TAIL])


if "--check" in sys.argv:
    sys.exit(open(NAME).read() != page() and "man/assay.1 has drifted: python3 man/make.py")
open(NAME, "w").write(page())
