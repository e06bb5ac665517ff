/* Names and look-ups of the audit model; see model.h. */
#include "base/banned.h"
#include "audit/model.h"
#include "audit/format.h"
#include "base/text.h"

static const char *const sev_names[AU_SEV_N] = { "info", "low", "medium", "high", "critical" };

const char *au_sev_name(enum au_sev s)
{
	return sev_names[s];
}

bool au_sev_parse(const char *s, enum au_sev *ret)
{
	for (int i = 0; i < AU_SEV_N; i++) {
		if (au_ieq(s, sev_names[i])) {
			*ret = (enum au_sev)i;
			return true;
		}
	}
	return false;
}

const char *au_kind_name(enum au_kind k)
{
	static const char *const names[] = { "safety", "licence", "integrity", "coverage" };

	return names[k];
}

static const struct { const char *name; unsigned bits; } dtypes[AU_DT_N] = {
	[AU_DT_OTHER] = { "other", 0 }, [AU_DT_F64] = { "f64", 64 }, [AU_DT_F32] = { "f32", 32 },
	[AU_DT_F16] = { "f16", 16 }, [AU_DT_BF16] = { "bf16", 16 }, [AU_DT_F8_E4M3] = { "f8_e4m3", 8 },
	[AU_DT_F8_E5M2] = { "f8_e5m2", 8 }, [AU_DT_I64] = { "i64", 64 }, [AU_DT_I32] = { "i32", 32 },
	[AU_DT_I16] = { "i16", 16 }, [AU_DT_I8] = { "i8", 8 }, [AU_DT_U64] = { "u64", 64 },
	[AU_DT_U32] = { "u32", 32 }, [AU_DT_U16] = { "u16", 16 }, [AU_DT_U8] = { "u8", 8 },
	[AU_DT_BOOL] = { "bool", 8 }, [AU_DT_C64] = { "c64", 64 }, [AU_DT_C128] = { "c128", 128 },
	[AU_DT_Q4_0] = { "q4_0", 0 }, [AU_DT_Q4_1] = { "q4_1", 0 }, [AU_DT_Q5_0] = { "q5_0", 0 },
	[AU_DT_Q5_1] = { "q5_1", 0 }, [AU_DT_Q8_0] = { "q8_0", 0 }, [AU_DT_Q8_1] = { "q8_1", 0 },
	[AU_DT_Q2_K] = { "q2_k", 0 }, [AU_DT_Q3_K] = { "q3_k", 0 }, [AU_DT_Q4_K] = { "q4_k", 0 },
	[AU_DT_Q5_K] = { "q5_k", 0 }, [AU_DT_Q6_K] = { "q6_k", 0 }, [AU_DT_Q8_K] = { "q8_k", 0 },
	[AU_DT_IQ] = { "iq", 0 },
};

const char *au_dtype_name(enum au_dtype t)
{
	return dtypes[t].name;
}

unsigned au_dtype_bits(enum au_dtype t)
{
	return dtypes[t].bits;
}

const struct au_fact *au_fact_first(const struct au_entry *e, const char *topic)
{
	AU_EACH_FACT(f, e)
		if (!strcmp(f->topic, topic))
			return f;
	return NULL;
}

bool au_entry_is(const struct au_entry *e, const char *format)
{
	for (unsigned i = 0; i < e->n_bids; i++)
		if (e->bids[i].score >= 60 && !strcmp(e->bids[i].format->name, format))
			return true;
	return false;
}
