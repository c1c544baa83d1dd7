// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/data/random_stream.hpp>
#include <typeformer/hosted/data/seeded_permutation.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// Makes the instances of some documents. They are a function of the documents and of the generator.
template <class M>
concept InstanceMaker = requires(const M maker, const std::vector<token_document>& documents, philox& generator) {
  { maker(documents, generator).size() } -> std::convertible_to<std::size_t>;
  { maker.check(documents) } -> std::same_as<result<void, training_error>>;
};

struct instance_stream_options {
  std::uint64_t seed = 0;
  /// The number of different ways to make the documents into instances: epochs e and e + editions have the same; 0: all
  /// differ.
  std::uint64_t editions = 10;
  /// The number of instances per visit of a shard; 0: as many as the first shard that has any. At most
  /// `most_instances_per_epoch` in all shards together.
  std::uint64_t instances_per_visit = 0;
};

/// Numbers of instances and batches fit into an `index_type`.
inline constexpr std::uint64_t most_instances_per_epoch = std::uint64_t{1} << 62;

/// The instances of a `DocumentSource` as an infinite sequence: instance n is a function of n and the seed alone.
///
/// In every epoch each shard is visited once, in an order that differs between epochs. Each visit gives the same number
/// of instances, in an order that differs between visits: some of a shard that has more, some twice of one that has
/// fewer. A shard without instances is replaced by the next that has some. The instances of one shard are in memory.
/// Cost: a shard is read and made into instances when n enters another visit.
template <DocumentSource Source, InstanceMaker Maker> class instance_stream {
 public:
  using instance = typename decltype(std::declval<const Maker&>()(std::declval<const std::vector<token_document>&>(),
                                                                  std::declval<philox&>()))::value_type;
  /// An instance, and the numbers that identify it whenever it comes again.
  struct drawn {
    const instance& value;
    std::uint64_t shard, edition, number;
  };

  /// Errors: no shard has an instance; the maker rejects a token in a shard that was read to find that out; more
  /// instances per visit than can be counted, which the error calls `visit_option`.
  static result<instance_stream, training_error> of(Source source, Maker maker, instance_stream_options options = {},
                                                    std::string_view visit_option = "instances_per_visit") {
    instance_stream stream{std::move(source), std::move(maker), options};
    const std::uint64_t shards = stream.shards();
    for (std::uint64_t shard = 0; shard < shards && stream.instances_.empty(); ++shard)
      if (const auto made = stream.make(shard, 0); !made) return failure{made.error()};
    if (stream.instances_.empty()) return failure{stream.no_instances()};
    if (const std::uint64_t wanted = options.instances_per_visit, most = most_instances_per_epoch / shards;
        wanted > most)
      return failure{training_error{training_error::problem::bad_option,
                                    std::string(visit_option) + ": expected a number from 0 to " +
                                        std::to_string(most) + ", found " + std::to_string(wanted)}};
    if (stream.options_.instances_per_visit == 0) stream.options_.instances_per_visit = stream.instances_.size();
    return result<instance_stream, training_error>(std::move(stream));
  }

  std::uint64_t instances_per_visit() const { return options_.instances_per_visit; }
  std::uint64_t instances_per_epoch() const { return options_.instances_per_visit * shards(); }
  const Maker& maker() const { return maker_; }

  /// The n-th instance, valid until the next call.
  ///
  /// Errors: the maker rejects a token in a shard that is read for it, with file, shard and place; the shards have no
  /// instance any more.
  result<drawn, training_error> operator[](std::uint64_t n) {
    const std::uint64_t visit = n / options_.instances_per_visit, place = n % options_.instances_per_visit;
    if (!has_visit_ || visit != visit_)
      if (const auto loaded = load(visit); !loaded) return failure{loaded.error()};
    const std::uint64_t size = instances_.size();
    philox words = random_stream(options_.seed, drawn_for::order, {visit, place / size});
    const std::uint64_t high = words(), low = words();
    const std::uint64_t number = seeded_permutation{size, high << 32 | low}(place % size);
    return drawn{instances_[static_cast<std::size_t>(number)], shard_, edition_, number};
  }

 private:
  instance_stream(Source source, Maker maker, instance_stream_options options)
      : source_{std::move(source)}, maker_{std::move(maker)}, options_{options} {}

  std::uint64_t shards() const { return static_cast<std::uint64_t>(source_.shards()); }

  result<void, training_error> load(std::uint64_t visit) {
    const std::uint64_t epoch = visit / shards(), edition = options_.editions == 0 ? epoch : epoch % options_.editions;
    const std::uint64_t first = seeded_permutation{shards(), options_.seed, epoch}(visit % shards());
    instances_.clear();
    has_visit_ = false;
    for (std::uint64_t i = 0; i < shards() && instances_.empty(); ++i)
      if (const auto made = make((first + i) % shards(), edition); !made) return made;
    if (instances_.empty()) return failure{no_instances()};
    visit_ = visit;
    has_visit_ = true;
    return {};
  }
  result<void, training_error> make(std::uint64_t shard, std::uint64_t edition) {
    const std::vector<token_document> documents = source_.read(static_cast<std::size_t>(shard));
    if (const auto checked = maker_.check(documents); !checked)
      return failure{training_error{checked.error().what, name_of(shard) + checked.error().message()}};
    philox generator = random_stream(options_.seed, drawn_for::instances, {shard, edition});
    instances_ = maker_(documents, generator);
    shard_ = shard;
    edition_ = edition;
    return {};
  }
  training_error no_instances() const {
    return {training_error::problem::not_enough_data, "expected documents to train on, found none long enough in " +
                                                          std::to_string(shards()) +
                                                          (shards() == 1 ? " shard" : " shards")};
  }
  std::string name_of(std::uint64_t shard) const {
    std::string name = "shard " + std::to_string(shard) + ": ";
    if constexpr (requires { std::string(source_.path()); }) name = printable(source_.path()) + ": " + name;
    return name;
  }

  Source source_;
  Maker maker_;
  instance_stream_options options_;
  bool has_visit_ = false;
  std::uint64_t visit_ = 0, shard_ = 0, edition_ = 0;
  std::vector<instance> instances_;
};

}  // namespace typeformer
