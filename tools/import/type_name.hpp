// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

namespace importing {

/// Names that a type outside namespaces cannot have, by their kind. Names are separated by single spaces.
struct taken_names {
  std::string_view keywords =
      " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class "
      "co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue "
      "contract_assert decltype default delete do double dynamic_cast else enum explicit export extern false float "
      "for friend goto if import inline int long module mutable namespace new noexcept not not_eq nullptr operator "
      "or or_eq private protected public reflexpr register reinterpret_cast requires return short signed sizeof "
      "static static_assert static_cast struct switch synchronized template this thread_local throw true try "
      "typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while xor xor_eq final "
      "override restrict ";
  /// Names that `symbol_of_c` does not find: macros, functions of headers, types and namespaces.
  std::string_view of_headers =
      " abi alloca asm assert assert_perror at_quick_exit atexit boost crypt drand48_data environ errno far fd_mask "
      "fd_set file_handle flock flock64 fpclassify getumask i386 interface iovec iscanonical iseqsig isfinite "
      "isgreater isgreaterequal isinf isless islessequal islessgreater isnan isnormal issignaling issubnormal "
      "isunordered iszero itimerspec itimerval jmp_buf lconv lerp linux main math_errhandling near offsetof pascal "
      "rapidjson random_data sched_param setjmp sigcontext sigevent sigjmp_buf sigmask signbit sigsetjmp sigval "
      "small sparc stat statx_timestamp std stderr stdin stdout strdupa strndupa sun timeradd timerclear timercmp "
      "timerisset timersub timespec timeval timex tm typeformer u_char u_int u_long u_short uint ulong unix ushort "
      "va_arg va_copy va_end va_list va_start vax xsimd ";
  /// Members of a model that the library uses, which the name of the type itself would hide.
  std::string_view members =
      " adapter config context decoder_only decodes encoder_decoder encoder_only has_all_logits has_head huggingface "
      "infer initial is_composition lowest_position memory_length name reads_source reserved result segment_count "
      "segments shape source_context vocabulary walk walk_back windows ";
};

/// Whether the C library of this machine has a function or a variable of that name.
inline bool symbol_of_c(const std::string& name) {
#if __has_include(<dlfcn.h>)
  return ::dlsym(RTLD_DEFAULT, name.c_str()) != nullptr;
#else
  return name.empty();
#endif
}

/// Why C++ does not accept it as the name of a type outside namespaces, with any header included; empty if it does.
inline std::string why_no_type_name(const std::string& name) {
  constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz", capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string characters = "0123456789_" + std::string(small) + std::string(capital);
  const auto is_in = [&](std::string_view words) { return words.find(" " + name + " ") != std::string_view::npos; };
  constexpr taken_names taken;
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name.find_first_not_of(characters) != std::string::npos)
    return "is not made of letters, digits and _";
  if (is_in(taken.keywords)) return "is a word of C++";
  if (name.front() == '_' || name.back() == '_' || name.find("__") != std::string::npos)
    return "begins or ends with _, or holds two of them";
  if (name.ends_with("_t")) return "ends in _t as types of C do";
  if (name.find_first_of(small) == std::string::npos) return "is in capitals as macros are";
  if (is_in(taken.members)) return "is the name of a member of models";
  for (const char* const prefix : {"sa_", "si_", "st_"})  // members of C's structures, some of which are macros
    if (name.starts_with(prefix)) return std::string("begins with ") + prefix + " as names of C do";
  if (is_in(taken.of_headers) || symbol_of_c(name)) return "is a name of C or of a library";
  return {};
}

/// `TinyLlama-1.1B` becomes `tinyllama_1_1b`.
inline std::string type_name_of(std::string_view folder) {
  std::string name;
  for (char c : folder) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) name += c;
    else if (!name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "model";
  if (!why_no_type_name(name).empty()) name = "model_" + name;
  return why_no_type_name(name).empty() ? name : name + "_model";
}

}  // namespace importing
