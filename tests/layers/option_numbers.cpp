// SPDX-License-Identifier: BSL-1.0
// Norms and attentions with options; make_option_numbers.py prints the literals.
#include <laws/expected_gradients.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/clipped_projections.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_expected;

TEST_CASE("agrees with numpy: norms with unit_offset and without weight") {
  check_expected<rms_norm<unit_offset>, 6>(-6.83782213642535,
                                           {{"input", 1, -1.5811356301484, 0, 129.58381905871},
                                            {"weight", 1, -4.35674852225719, 1.9612547580629, 39.6284810608103}});
  check_expected<layer_norm<unit_offset>, 6>(-8.93939441451604,
                                             {{"input", 1, -2.65571050781256, 0, 85.8116028995127},
                                              {"weight", 1, -3.74909612724674, 1.30914205942386, 33.7395812409535},
                                              {"bias", 1, -1.33333333333333, 0.555555555555556, 10.8641975308642}});
  check_expected<layer_norm<without_weight>, 6>(-6.16217060422827,
                                                {{"input", 1, -2.68363067933826, 0, 94.2264334345476}});
}

TEST_CASE("agrees with numpy: self_attention without_output_bias") {
  check_expected<self_attention<heads<2>, causal, without_output_bias>, 8>(
      -0.967449129287113, {{"input", 1, -0.214881945979965, 0, 1.92044855412793},
                           {"query.weight", 3, -0.0234579568592805, -0.458465012224751, 14.3839112745078},
                           {"query.bias", 3, -0.0638484201401594, -1.16770934371959, 5.94747143743886},
                           {"output.weight", 1, -1.42866405958714, 0.215192177115863, 50.2405828965805}});
}

TEST_CASE("agrees with numpy: a norm of 1 + weight over all queries and one over all keys") {
  check_expected<
      self_attention<heads<4>, key_value_heads<2>, query_key_norm<rms_norm<unit_offset>, over_the_projection>>, 8>(
      -2.50132568572508, {{"input", 1, -0.400462225660854, 0, 9.93485706801019},
                          {"query.weight", 3, 0.0483524977609102, -0.0536119288143222, 11.3099188375264},
                          {"query.bias", 3, -0.342500426236731, -0.300790031405901, 0.866916187067409},
                          {"query_norm.weight", 1, -0.421009676492668, -0.39814166476624, 0.961680520082574},
                          {"key_norm.weight", 1, -0.0914489163475931, -0.662620402169226, 1.1104820690354},
                          {"output.weight", 1, 1.87421451234827, -0.0279598935864407, 76.346314586502},
                          {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}

TEST_CASE("agrees with numpy: norms of queries and keys with weights of each head") {
  using norm = layer_norm<epsilon<0.1>, without_bias>;
  check_expected<self_attention<heads<4>, key_value_heads<2>, query_key_norm<norm, own_weights_of_heads>>, 8>(
      -0.403828113095037, {{"input", 1, -0.0594218035934578, 0, 0.126217928400793},
                           {"query.weight", 3, -0.0155303396982776, -0.129687069580817, 0.40174114295772},
                           {"query.bias", 3, -0.0533462439507236, -0.300790031405901, 0.205424514607673},
                           {"query_norm.weight", 1, 0.0287501435368147, -0.0768152187239411, 0.0302566834915886},
                           {"key_norm.weight", 1, -0.08058412532097, 0.0126523369709778, 0.0162084077126296},
                           {"output.weight", 1, 2.16984126185347, -0.100893700471037, 68.5215239530329},
                           {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}

TEST_CASE("agrees with numpy: clipped_projections") {
  check_expected<self_attention<heads<2>, clipped_projections<0.7>>, 8>(
      0.0742058252783975, {{"input", 1, -0.117097708052556, 0, 1.69156779762098},
                           {"query.weight", 3, 0.0103448808944576, -0.0918395059540736, 4.2745691307041},
                           {"query.bias", 3, -0.0487513336948009, -0.593286924085201, 3.43295499677767},
                           {"output.weight", 1, -1.01131826081579, 0.190936066026813, 24.8453588677469},
                           {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}

TEST_CASE("agrees with numpy: rotary positions with Llama 3's frequencies and YaRN's") {
  using attention = self_attention<heads<2>>;
  using llama3 = rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<100.0>,
                                  llama3_frequencies<8.0, 1.0, 4.0, 100>>;
  check_expected<sequential<llama3, attention>, 8>(
      -0.763234827602215, {{"input", 1, 0.162506706931461, 0, 0.607686083296778},
                           {"1.query.weight", 3, -0.00759656433392905, -0.381564737531386, 9.19520956116696},
                           {"1.query.bias", 3, 0.116372899626063, -1.16770934371959, 6.57650650243022},
                           {"1.output.weight", 1, -0.831968119884961, 0.533640967152061, 52.585094120132},
                           {"1.output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
  using yarn = rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<100.0>,
                                yarn_frequencies<4.0, 200, 8.0, 1.0, 1.25, false>>;
  check_expected<sequential<yarn, attention>, 8>(
      -0.907366312180443, {{"input", 1, 0.31289312404697, 0, 1.89591689436581},
                           {"1.query.weight", 3, -0.0160629804548157, -0.305823455144422, 10.0194380476625},
                           {"1.query.bias", 3, 0.144277786460421, -1.16770934371959, 7.74365744212009},
                           {"1.output.weight", 1, -0.642280911854734, 0.48214667859658, 53.5879309137648},
                           {"1.output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}

TEST_CASE("agrees with numpy: ALiBi with another exponent and factor") {
  check_expected<
      sequential<alibi_positions<context<8>, heads<2>, bias_exponent<6>, slope_factor<0.5>>, self_attention<heads<2>>>,
      8>(-0.815649125516778, {{"input", 1, -0.227638220304049, 0, 2.02282267537756},
                              {"1.query.weight", 3, -0.0242730474656162, -0.461359485745723, 14.739618332148},
                              {"1.query.bias", 3, -0.063703751927363, -1.16770934371959, 5.94506268996857},
                              {"1.output.weight", 1, -1.4618383728885, 0.223345230182353, 51.0757550575299},
                              {"1.output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}
