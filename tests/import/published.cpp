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

// Decoders, as the hub's files of weights count them.
static_assert(parameter_count<published_llama_3_2_1b> == 1'235'814'400);
static_assert(parameter_count<published_qwen2_5_0_5b> == 494'032'768);
static_assert(parameter_count<published_mistral_7b> == 7'241'732'096);
static_assert(parameter_count<published_qwen3_0_6b> == 596'049'920);
static_assert(parameter_count<published_gemma_2b> == 2'506'172'416);
static_assert(parameter_count<published_gemma_2_2b> == 2'614'341'888);
static_assert(parameter_count<published_gemma_3_1b> == 999'885'952);
static_assert(parameter_count<published_smollm3_3b> == 3'075'098'624);
static_assert(parameter_count<published_olmo2_1b> == 1'484'916'736);
static_assert(parameter_count<published_pythia_70m> == 70'426'624);
static_assert(parameter_count<published_phi_2> == 2'779'683'840);
static_assert(parameter_count<published_phi_3_mini> == 3'821'079'552);
static_assert(parameter_count<published_gptj_6b> == 6'050'882'784);
static_assert(parameter_count<published_bloom_560m> == 559'214'592);
static_assert(parameter_count<published_opt_125m> == 125'239'296);
static_assert(parameter_count<published_falcon_7b> == 6'921'720'704);
static_assert(parameter_count<published_mpt_7b> == 6'649'286'656);
static_assert(parameter_count<published_starcoder2_3b> == 3'030'371'328);
static_assert(parameter_count<published_santacoder> == 1'124'886'528);
static_assert(parameter_count<published_glm_4_9b> == 9'399'951'360);
static_assert(parameter_count<published_stablelm_3b> == 2'795'443'200);
