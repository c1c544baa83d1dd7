// SPDX-License-Identifier: BSL-1.0
#include <imported_cases.hpp>

// The keys that the hub's configurations leave out, and the numbers of parameters that their authors give.
using typeformer::parameter_count;

// A configuration without keys is the family's published base.
static_assert(parameter_count<published_gpt> == 116'534'784);
static_assert(parameter_count<published_gpt2> == 124'439'808);
static_assert(parameter_count<published_gpt_neo> == 1'315'575'808);
static_assert(parameter_count<published_llama> == 6'738'415'616);
static_assert(parameter_count<published_bert> == 110'106'428);
static_assert(parameter_count<published_bert_for_tokens> == 109'514'298);
static_assert(parameter_count<published_t5> == 60'506'624);
static_assert(parameter_count<published_distilbert> == 66'362'880);

// Larger models have as many parameters as their publications say.
static_assert(parameter_count<published_gpt2_xl> == 1'557'611'200);
static_assert(parameter_count<published_gpt_neo_125m> == 125'198'592);
static_assert(parameter_count<published_llama_13b> == 13'015'864'320);
static_assert(parameter_count<published_roberta> == 124'697'433);
static_assert(parameter_count<published_minilm> == 22'713'216);
static_assert(parameter_count<published_mpnet> == 109'486'464);
static_assert(parameter_count<published_modernbert> == 149'655'232);
static_assert(parameter_count<published_deberta_v3> == 183'831'552);
// PaLM 540B is published without the gains of its norms.
static_assert(parameter_count<published_palm_540b> == 540'354'281'472 + 119 * 18432);
static_assert(parameter_count<published_t5_v1_1_small> == 76'961'152);
static_assert(parameter_count<published_mt5_small> == 300'176'768);
// BART is published without the bias of its logits, opus-mt-en-de without it and with two tables of positions, Whisper
// without the biases of keys, which no attention sees.
static_assert(parameter_count<published_bart> == 406'291'456 + 50265);
static_assert(parameter_count<published_opus_mt> == 74'410'496 + 58101 - 2 * 512 * 512);
static_assert(parameter_count<published_whisper> == 37'760'640 + 3 * 4 * 384);
static_assert(parameter_count<published_vit> == 86'567'656);
static_assert(parameter_count<published_deit_distilled> == 87'338'192);
