// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/run_on_threads.hpp>
#include <typeformer/hosted/weights/read_checkpoint.hpp>
#include <typeformer/kernels/pack_panels.hpp>
#include <typeformer/memory/owned_array.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// Reads tensors of a checkpoint piece by piece, each on one thread, and packs the matrices as they come.
class packed_reader {
 public:
  static constexpr unsigned most_threads = 4;

  TYPEFORMER_RARE packed_reader(const model_tensors& file, const std::vector<file_tensor>& wanted,
                                const file_names& names, const parameter_layout& layout, float* weights,
                                accepted_numbers accepts)
      : wanted_{wanted}, weights_{weights}, accepts_{accepts} {
    for_each_tensor(layout, [&](const parameter_tensor& t) {
      if (t.of->kind == parameter_kind::matrix && is_first_of_operand(layout, t))
        operands_.push_back({t.offset, rows_of_operand(layout, t), t.of->columns});
    });
    const detail::named_tensors source{file, names};
    for (std::size_t t = 0; t < wanted.size(); ++t) {
      const file_tensor& tensor = wanted[t];
      const stored_tensor* const stored = source.find(tensor.name);
      const bool is_transposed = stored && tensor.layout == file_layout::transposed;
      const index_type rows = is_transposed ? tensor.columns : tensor.rows,
                       width = is_transposed ? tensor.rows : tensor.columns;
      // A tensor that is transposed while it is read is read as a whole for each piece of it.
      const index_type at_once = stored && stored->decode && stored->order.is_transposed
                                     ? rows
                                     : (std::max)(index_type{1}, floats_at_once / width / 16) * 16;
      for (index_type row = 0; row < rows; row += at_once)
        pieces_.push_back({t, stored, is_transposed, row, (std::min)(at_once, rows - row), width});
    }
  }

  /// The error is that of the first piece that has one, for any number of threads.
  TYPEFORMER_RARE result<void, file_error> run(unsigned threads) {
    run_on_threads<most_threads>((std::min)(threads, unsigned((std::min)(pieces_.size(), std::size_t{most_threads}))),
                                 [](void* reader) -> void* {
                                   static_cast<packed_reader*>(reader)->read_pieces();
                                   return nullptr;
                                 },
                                 this);
    return outcome_;
  }

 private:
  /// A matrix in the order of a GEMM's panels, and the offset of it and of its canonical form.
  struct packed_operand {
    index_type offset, rows, columns;
  };

  static constexpr index_type floats_at_once = index_type{1} << 18;

  /// Rows of a tensor as the file has them.
  struct piece {
    std::size_t tensor;
    const stored_tensor* stored;
    bool is_transposed;
    index_type first_row, rows, width;
  };

  TYPEFORMER_RARE void read_pieces() {
    owned_array<float> buffer;
    for (std::size_t next; !has_failed_ && (next = claimed_.fetch_add(1)) < pieces_.size();) {
      const piece& p = pieces_[next];
      if (buffer.size() < p.rows * p.width) buffer = owned_array<float>(p.rows * p.width);
      auto done = buffer.size() < p.rows * p.width ? result<void, file_error>{failure{no_memory(p)}} : read(p, buffer);
      if (done) continue;
      while (records_.test_and_set(std::memory_order_acquire)) {}
      if (next < failed_) {
        failed_ = next;
        outcome_ = std::move(done);
      }
      records_.clear(std::memory_order_release);
      has_failed_ = true;
    }
  }

  TYPEFORMER_RARE file_error no_memory(const piece& p) const {
    return {{}, wanted_[p.tensor].name, "no memory to read it"};
  }

  TYPEFORMER_RARE result<void, file_error> read(const piece& p, owned_array<float>& buffer) {
    const std::span<float> values(buffer.data(), std::size_t(p.rows * p.width));
    if (p.stored) {
      const auto first = std::size_t(p.first_row * p.width);
      if (auto read = read_floats(*p.stored, first, values); !read) return read;
      if (accepts_ == accepted_numbers::finite)
        if (auto checked = detail::check_finite(*p.stored, first, values); !checked) return checked;
    } else {
      for (index_type i = 0; i < p.rows * p.width; ++i)
        buffer[i] = wanted_[p.tensor].value(p.first_row + i / p.width, i % p.width);
    }
    index_type first = 0;
    for (const file_tensor::part& part : wanted_[p.tensor].parts) {
      if (p.is_transposed) put_inputs(p, part, buffer.data() + first);
      else put_rows(p, part, first, buffer.data());
      first += part.rows;
    }
    return {};
  }

  TYPEFORMER_RARE void put_rows(const piece& p, const file_tensor::part& part, index_type first_of_part,
                                const float* values) {
    const index_type begin = (std::max)(p.first_row, first_of_part),
                     end = (std::min)(p.first_row + p.rows, first_of_part + part.rows);
    if (begin >= end) return;
    const float* const from = values + (begin - p.first_row) * p.width;
    const index_type row = begin - first_of_part;
    if (const packed_operand* const operand = operand_of(part.offset))
      kernels::pack_panel_rows(operand->rows, operand->columns, (part.offset - operand->offset) / p.width + row,
                               end - begin, {from, p.width}, weights_ + operand->offset);
    else std::copy_n(from, (end - begin) * p.width, weights_ + part.offset + row * p.width);
  }
  TYPEFORMER_RARE void put_inputs(const piece& p, const file_tensor::part& part, const float* values) {
    const index_type columns = wanted_[p.tensor].columns;
    if (const packed_operand* const operand = operand_of(part.offset))
      kernels::pack_panel_inputs(operand->rows, operand->columns, (part.offset - operand->offset) / columns, part.rows,
                                 p.first_row, p.rows, {values, p.width}, weights_ + operand->offset);
    else
      for (index_type row = 0; row < part.rows; ++row)
        for (index_type input = 0; input < p.rows; ++input)
          weights_[part.offset + row * columns + p.first_row + input] = values[input * p.width + row];
  }

  TYPEFORMER_RARE const packed_operand* operand_of(index_type offset) const {
    for (const packed_operand& operand : operands_)
      if (operand.offset <= offset && offset < operand.offset + operand.rows * operand.columns) return &operand;
    return nullptr;
  }

  const std::vector<file_tensor>& wanted_;
  std::vector<packed_operand> operands_;
  float* weights_;
  accepted_numbers accepts_;
  std::vector<piece> pieces_;
  std::atomic<std::size_t> claimed_{0};
  std::atomic<bool> has_failed_{false};
  std::atomic_flag records_ = ATOMIC_FLAG_INIT;  // held while an error is recorded
  std::size_t failed_ = static_cast<std::size_t>(-1);
  result<void, file_error> outcome_;
};

/// Reads all tensors into packed weights, without a canonical copy, on as many threads as the machine has processors, at
/// most four. Precondition and errors: those of `read_checkpoint`.
///
/// Bytes beside the weights: 1 MiB a thread.
TYPEFORMER_RARE inline result<void, file_error> read_packed(const model_tensors& file,
                                                            const std::vector<file_tensor>& wanted,
                                                            const file_names& names, const parameter_layout& layout,
                                                            float* weights, accepted_numbers accepts) {
  packed_reader reader{file, wanted, names, layout, weights, accepts};
  return reader.run(processor_count());
}

}  // namespace typeformer::inline TYPEFORMER_ISA
