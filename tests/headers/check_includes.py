# SPDX-License-Identifier: BSL-1.0
"""Checks that every file includes the headers of the standard library whose names it uses.

check_includes.py PREFIX FOLDER...: a file and a name a line for what is missing, and exits 1.
The header test compiles every header after a precompiled prefix, so that it would not notice: what PREFIX includes of the
standard library must be known here."""
import re
import sys
from pathlib import Path

# Names of the standard library, and the headers that may bring them (the first is what to add).
NAMES = {
    "algorithm": "all_of any_of binary_search clamp copy copy_n count count_if equal equal_range fill fill_n find find_if "
                 "find_if_not for_each generate inplace_merge is_sorted lexicographical_compare lower_bound make_heap max "
                 "max_element merge min min_element minmax mismatch next_permutation none_of nth_element partial_sort "
                 "partition pop_heap push_heap remove remove_if replace reverse rotate search shuffle sort stable_sort "
                 "swap_ranges transform unique upper_bound",
    "array": "array to_array",
    "atomic": "atomic atomic_flag memory_order_acquire memory_order_relaxed memory_order_release atomic_thread_fence",
    "bit": "bit_cast bit_ceil bit_floor bit_width countl_zero countr_zero endian has_single_bit popcount rotl",
    "charconv": "chars_format from_chars from_chars_result to_chars to_chars_result",
    "chrono": "chrono",
    "cmath": "abs cos erf exp expm1 fabs floor fmax isfinite isinf isnan log log1p log2 lround nearbyint pow round sin sqrt "
             "tanh trunc",
    "complex": "complex",
    "concepts": "assignable_from constructible_from convertible_to copyable default_initializable derived_from floating_point "
                "integral invocable movable predicate regular same_as semiregular signed_integral unsigned_integral",
    "condition_variable": "condition_variable",
    "cstddef": "byte ptrdiff_t to_integer",
    "cstdint": "int16_t int32_t int64_t int8_t intptr_t uint16_t uint32_t uint64_t uint8_t uintptr_t",
    "cstdio": "FILE fclose fflush fopen fprintf fputs fread fwrite printf remove rename snprintf",
    "cstdlib": "abort aligned_alloc atoi exit free getenv malloc strtod",
    "cstring": "memchr memcmp memcpy memmove memset strerror strlen",
    "csignal": "sig_atomic_t signal",
    "deque": "deque",
    "exception": "current_exception exception terminate",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "equal_to function greater hash invoke less plus ref reference_wrapper",
    "initializer_list": "initializer_list",
    "iterator": "back_inserter advance distance forward_iterator input_iterator istreambuf_iterator next prev",
    "limits": "numeric_limits",
    "map": "map multimap",
    "memory": "addressof allocator assume_aligned construct_at destroy_at make_shared make_unique shared_ptr unique_ptr "
              "weak_ptr",
    "mutex": "lock_guard mutex scoped_lock unique_lock",
    "new": "align_val_t bad_alloc launder nothrow",
    "numeric": "accumulate gcd inner_product iota lcm midpoint partial_sum reduce",
    "optional": "nullopt optional",
    "ostream": "ostream",
    "queue": "priority_queue queue",
    "random": "mt19937 mt19937_64 normal_distribution uniform_int_distribution",
    "ranges": "ranges views",
    "set": "set",
    "span": "as_bytes as_writable_bytes dynamic_extent span",
    "sstream": "istringstream ostringstream stringstream",
    "string": "getline string to_string u32string",
    "string_view": "string_view u32string_view",
    "system_error": "errc error_code generic_category system_error",
    "thread": "jthread this_thread thread",
    "tuple": "apply forward_as_tuple make_tuple tie tuple tuple_cat",
    "type_traits": "add_const_t conditional conditional_t decay_t enable_if_t false_type integral_constant invoke_result_t "
                   "is_arithmetic_v is_base_of_v is_class_v is_const_v is_constant_evaluated is_constructible_v "
                   "is_convertible_v is_empty_v is_enum_v is_floating_point_v is_integral_v is_invocable_r_v is_invocable_v "
                   "is_lvalue_reference_v is_pointer_v is_same_v is_signed_v is_trivially_copyable_v is_unsigned_v is_void_v "
                   "make_unsigned_t remove_const_t remove_cvref_t remove_pointer_t remove_reference_t true_type type_identity "
                   "type_identity_t underlying_type_t void_t",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "as_const cmp_less declval exchange forward in_place_type index_sequence index_sequence_for integer_sequence "
               "make_index_sequence move pair swap",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}
HEADERS_OF = {}
for _header, _names in NAMES.items():
    for _name in _names.split():
        HEADERS_OF.setdefault(_name, set()).add(_header)
# Headers whose synopsis, by the standard, includes another, and names that several headers declare.
ALSO = {
    "size_t": {"cstddef", "cstdio", "cstdlib", "cstring"},
    "initializer_list": {"array", "algorithm", "string", "string_view", "vector", "span", "utility", "optional", "memory", "map", "set"},
    "move": {"algorithm"},
    "equal": {"algorithm"},
    "byte": {"span"},
    "abs": {"cstdlib"},
    "hash": {"string", "string_view", "optional", "memory", "variant"},
    "size": {"iterator", "array", "vector", "string", "span", "string_view"},
    "data": {"iterator", "array", "vector", "string", "span", "string_view"},
    "pair": {"map", "unordered_map"},
    "swap": {"algorithm"},
    "ostream": {"iostream", "fstream", "sstream"},
    "get": {"tuple", "array", "utility", "variant"},
    "tuple_size_v": {"tuple", "array", "utility"},
    "ranges": {"algorithm", "span"},  # <span> declares enable_borrowed_range
    "distance": {"vector", "string"},
}
for _name, _headers in ALSO.items():
    HEADERS_OF.setdefault(_name, set()).update(_headers)

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
STRING = re.compile(r'R"\((?:.|\n)*?\)"|"(?:[^"\\\n]|\\.)*"')
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)
USE = re.compile(r"\bstd::(\w+)")


def missing_includes(text):
    """The names that a text uses without a header that declares them, each with the header to include."""
    included = set(INCLUDE.findall(text))
    code = STRING.sub('""', COMMENT.sub("", text))
    if "typeformer/foundation/config.hpp" in included:  # where `index` and the widths of scalars come from
        included.update(("cstddef", "cstdint"))
    found = {}
    for name in sorted(set(USE.findall(code))):
        headers = HEADERS_OF.get(name)
        if headers and not headers & included:
            found[name] = next((h for h in NAMES if name in NAMES[h].split()), sorted(headers)[0])
    return found


def main():
    prefix = INCLUDE.findall(Path(sys.argv[1]).read_text(encoding="utf-8"))
    complaints = [f"{sys.argv[1]}: <{h}> is not among the headers that are checked" for h in prefix
                  if "/" not in h and h not in NAMES]
    for folder in sys.argv[2:]:
        for path in sorted(Path(folder).rglob("*.hpp")):
            text = path.read_text(encoding="utf-8")
            for name, header in missing_includes(text).items():
                complaints.append(f"{path}: std::{name} needs #include <{header}>")
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
