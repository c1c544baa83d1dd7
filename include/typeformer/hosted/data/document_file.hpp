// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/files/mapped_file.hpp>
#include <typeformer/text/utf8.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// What a document is, and what its parts are.
enum class document_form {
  sentence_lines,  ///< blank lines separate documents; each line is a part, as in BERT's pre-training
  paragraphs,      ///< blank lines separate documents; each has one part, with its line ends
  lines            ///< each line that is not blank is a document of one part
};

struct document_options {
  document_form form = document_form::sentence_lines;
  std::size_t shard_bytes = std::size_t{4} << 20;
};

/// The documents of a text file of any size, read a shard at a time. A shard is the documents that begin in its
/// `shard_bytes` of the file.
///
/// Documents and lines of up to `shard_bytes` bytes, with their line ends, stay whole. Longer documents may be cut at
/// line ends, and longer lines between words (otherwise between characters), into documents of less than three times
/// that size. A text without blank lines, which is one document by its form, becomes about one document per shard.
/// White space around a line is dropped, and so is a byte order mark. Memory: what one shard needs, for any file size.
/// Reading a shard gives the pages of all others back to the operating system, which reads them again at the next
/// access. Several threads may read at once. Precondition after opening: the file is not shortened (see `mapped_file`).
class document_file {
 public:
  using document = std::vector<std::string_view>;

  /// Checks the whole file in one pass. Errors: it is not a readable regular file, is shortened meanwhile, is empty,
  /// holds zero bytes (it is binary), is not UTF-8 or has only blank lines; shards of 0 bytes are requested.
  [[gnu::cold]] static result<document_file, file_error> open(const std::string& path, document_options options = {}) {
    auto mapped = mapped_file::open(path);
    if (!mapped) return failure{mapped.error()};
    document_file file(path, std::move(*mapped), options);
    if (options.shard_bytes == 0) return failure{file_error{path, {}, "wrong shard size", "at least 1 byte", "0"}};
    if (file.file_.bytes().empty()) return failure{file_error{path, {}, "the file is empty", "a text", {}}};
    bool is_blank = true;
    constexpr std::size_t most = std::size_t{1} << 14;
    char piece[most + 3];  // a character may end there
    for (std::size_t begin = 0; begin < file.text_.size();) {
      const std::size_t read = std::min(sizeof piece, file.text_.size() - begin);
      if (!file.file_.file().read(file.skipped() + begin, piece, read))
        return failure{file_error{path, {}, "was shortened while it was read", {}, {}}};
      std::size_t size = std::min(most, read);
      while (size < read && (static_cast<unsigned char>(piece[size]) & 0xC0u) == 0x80u) ++size;
      const std::string_view part(piece, size);
      const auto at = [&](std::size_t place) { return "at byte " + std::to_string(file.skipped() + begin + place); };
      if (const std::size_t zero = part.find('\0'); zero != part.npos)
        return failure{file_error{path, {}, "the file is binary", "a text", "a zero byte " + at(zero)}};
      if (const std::size_t error = utf8_error(part); error != part.size())
        return failure{file_error{path, {}, "the text is not UTF-8", {}, "an invalid sequence " + at(error)}};
      is_blank = is_blank && without_outer_white_space(part).empty();
      begin += size;
    }
    if (is_blank) return failure{file_error{path, {}, "the file has no document", "a text", "blank lines only"}};
    return result<document_file, file_error>(std::move(file));
  }

  const std::string& path() const { return path_; }
  std::size_t shards() const { return (text_.size() - 1) / shard_bytes_ + 1; }

  /// The documents of a shard, in their order, as views of the mapped file that are valid as long as it is. A shard in
  /// which no document begins is empty. Precondition: shard < shards(), else it traps.
  ///
  /// Cost: a pass over at most three shards.
  std::vector<document> read(std::size_t shard) const {
    if (shard >= shards()) __builtin_trap();
    const std::size_t begin = first_document(shard), end = first_document(shard + 1);
    give_back_outside(begin, end);
    std::vector<document> documents;
    bool is_open = false;
    for (std::size_t line = begin, next = begin; line < end; line = next) {
      next = after_line(line, end);
      const std::string_view part = without_outer_white_space(text_.substr(line, next - line));
      if (part.empty() || form_ == document_form::lines) is_open = false;
      if (part.empty()) continue;
      if (!std::exchange(is_open, true)) documents.emplace_back();
      document& last = documents.back();
      if (form_ == document_form::paragraphs && !last.empty()) {
        const std::size_t first = static_cast<std::size_t>(last[0].data() - text_.data());
        last[0] = text_.substr(first, static_cast<std::size_t>(part.data() - text_.data()) + part.size() - first);
      } else {
        last.push_back(part);
      }
    }
    return documents;
  }

 private:
  document_file(std::string path, mapped_file file, document_options options)
      : path_(std::move(path)), file_(std::move(file)), form_(options.form), shard_bytes_(options.shard_bytes) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    text_ = {reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size()};
    char first[byte_order_mark.size()];
    if (file_.file().read(0, first, sizeof first) && std::string_view(first, sizeof first) == byte_order_mark)
      text_.remove_prefix(byte_order_mark.size());
  }

  /// The bytes of the file before the text.
  std::size_t skipped() const { return file_.bytes().size() - text_.size(); }

  /// The end of the line that contains a place; `end` if the line does not end before.
  std::size_t after_line(std::size_t position, std::size_t end) const {
    const std::size_t line_end = text_.substr(0, end).find('\n', position);
    return line_end == text_.npos ? end : line_end + 1;
  }
  /// The first character that begins at or after a place, before `limit`.
  std::size_t character_from(std::size_t position, std::size_t limit) const {
    limit = std::min(limit, text_.size());
    while (position < limit && (static_cast<unsigned char>(text_[position]) & 0xC0u) == 0x80u) ++position;
    return position;
  }

  /// The begin of the first line of a shard. Within a line that is longer than a shard, a place between its words.
  std::size_t first_line(std::size_t shard) const {
    if (shard == 0) return 0;
    if (shard >= shards()) return text_.size();
    const std::size_t begin = shard * shard_bytes_, end = begin + std::min(shard_bytes_, text_.size() - begin);
    const std::string_view before_places = text_.substr(begin - 1, end - begin);
    if (const std::size_t line_end = before_places.find('\n'); line_end != text_.npos) return begin + line_end;
    if (end == text_.size()) return end;
    const std::size_t space = text_.substr(begin, end - begin).find(' ');
    return space != text_.npos ? begin + space : character_from(begin, text_.size());
  }

  /// The begin of the first document of a shard. A document that has begun before belongs to an earlier shard if it
  /// ends in this one.
  std::size_t first_document(std::size_t shard) const {
    const std::size_t begin = first_line(shard);
    if (form_ == document_form::lines || !is_within_document(begin)) return begin;
    const std::size_t end = first_line(shard + 1);
    for (std::size_t line = begin, next = begin; line < end; line = next) {
      next = after_line(line, end);
      if (without_outer_white_space(text_.substr(line, next - line)).empty()) return line;
    }
    return shard + 1 >= shards() ? end : begin;
  }

  /// Whether the line before a place is not blank, or continues there.
  bool is_within_document(std::size_t position) const {
    if (position == 0) return false;
    if (text_[position - 1] != '\n') return true;
    for (--position; position > 0 && text_[position - 1] != '\n';) {
      const std::size_t size = white_space_before(text_, position);
      if (size == 0) return true;
      position -= size;
    }
    return false;
  }

  void give_back_outside([[maybe_unused]] std::size_t begin, [[maybe_unused]] std::size_t end) const {
#if defined(MADV_DONTNEED)
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* const first = const_cast<std::byte*>(file_.bytes().data());  // nothing is written: the mapping is read-only
    const std::size_t before = (skipped() + begin) / page * page;
    const std::size_t after = (skipped() + end + page - 1) / page * page;
    if (before > 0) ::madvise(first, before, MADV_DONTNEED);
    if (after < file_.bytes().size()) ::madvise(first + after, file_.bytes().size() - after, MADV_DONTNEED);
#endif
  }

  std::string path_;
  mapped_file file_;
  std::string_view text_;
  document_form form_;
  std::size_t shard_bytes_;
};

}  // namespace typeformer
