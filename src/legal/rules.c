/* The words of the LIC-* rules. Ids are never reused. */
#include "base/banned.h"
#include "legal/judge.h"

const struct au_rule au_lic_rules[AU_LIC_N] = {
	[AU_LIC_TEXT_CONTRADICTS] = { "LIC-TEXT-CONTRADICTS", AU_LICENCE, AU_HIGH,
		"Declared licence and licence text differ",
		"The declaration in the card or manifest and the text that is shipped are different licences. "
		"Receivers rely on the label, but the text is the grant.",
		"Ask the publisher which of the two holds, and treat the stricter one as binding until then." },
	[AU_LIC_LAUNDERING] = { "LIC-LAUNDERING", AU_LICENCE, AU_HIGH,
		"Derivative declared under a freer licence than its base",
		"The licence of a base model binds its derivatives. A fine-tune, merge, quantisation or adapter "
		"that declares a freer licence promises rights its maker does not have.",
		"Follow the base model's terms in addition to the declared ones, or choose another model." },
	[AU_LIC_INCOMPATIBLE] = { "LIC-INCOMPATIBLE", AU_LICENCE, AU_HIGH,
		"Licences cannot be combined",
		"A part is under a licence whose conditions cannot be met together with the licence of the whole.",
		"Replace the part, keep it separate, or change the licence of the whole." },
	[AU_LIC_EDITED] = { "LIC-EDITED", AU_LICENCE, AU_HIGH,
		"Licence text was changed",
		"The text resembles a well-known licence, but words were added, removed or replaced. Such edits "
		"have taken away rights that the name promises.",
		"Read the difference with 'assay licence diff', and let a lawyer judge it." },
	[AU_LIC_USE_BARRED] = { "LIC-USE-BARRED", AU_LICENCE, AU_HIGH,
		"Licence does not allow the intended use",
		"A condition of the licence forbids the use that was asked for with --use or in the policy.",
		"Do not use it in this way, or get another licence from the holder." },
	[AU_LIC_DECLARED_DISAGREE] = { "LIC-DECLARED-DISAGREE", AU_LICENCE, AU_MEDIUM,
		"Two declarations disagree",
		"The card, the manifest and the metadata inside the weights name different licences.",
		"Ask the publisher; until then both apply." },
	[AU_LIC_NOTICE_MISSING] = { "LIC-NOTICE-MISSING", AU_LICENCE, AU_MEDIUM,
		"A required notice, name or policy is missing",
		"The licence asks for a notice file, a naming line or a copy of its use policy with every copy, "
		"and it is not here. Passing the component on as it is breaks the licence.",
		"Add the file or line that the licence prescribes before passing it on." },
	[AU_LIC_DATASET_RESTRICTED] = { "LIC-DATASET-RESTRICTED", AU_LICENCE, AU_MEDIUM,
		"Made from a dataset with non-commercial or no-derivatives terms",
		"Whether a dataset's terms reach the model trained on it is disputed. Its licensor may say so.",
		"Let a lawyer decide for the intended use, or choose a model with another training set." },
	[AU_LIC_UNRESOLVED] = { "LIC-UNRESOLVED", AU_LICENCE, AU_MEDIUM,
		"Declaration names no exact licence",
		"Words such as 'other', 'openrail', 'cc' or 'bsd' stand for a family of licences with different "
		"terms, or for none at all.",
		"Find the text the publisher means; until then assume that nothing is granted." },
	[AU_LIC_NONE] = { "LIC-NONE", AU_LICENCE, AU_MEDIUM,
		"No licence at all",
		"Without a licence the law reserves all rights to the author, however public the files are.",
		"Ask the author for a licence before use." },
	[AU_LIC_UNKNOWN_TEXT] = { "LIC-UNKNOWN-TEXT", AU_LICENCE, AU_MEDIUM,
		"Licence text that is in no index",
		"The file reads like a licence, but no known licence has this text.",
		"Let a lawyer read it, and add it with 'assay licence add' so that it is known from then on." },
	[AU_LIC_TEXT_MISSING] = { "LIC-TEXT-MISSING", AU_LICENCE, AU_LOW,
		"Licence declared, but its text is not shipped",
		"Nearly all licences ask that their text or notice goes with every copy. A label is not a grant "
		"one can show later.",
		"Add the licence text with the publisher's copyright line, or ask the publisher to." },
	[AU_LIC_BASE_UNKNOWN] = { "LIC-BASE-UNKNOWN", AU_LICENCE, AU_LOW,
		"Licence of the base model is not known",
		"The base is neither in this target nor in the table of well-known models, so its terms could "
		"not be compared with the declared ones.",
		"Look at the base model's card, or scan it together with this one." },
};
