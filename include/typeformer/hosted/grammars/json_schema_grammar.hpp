// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/grammars/detail/schema_reader.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/hosted/grammars/json_schema_options.hpp>

namespace typeformer {

/// JSON texts that a JSON schema accepts (draft 4 to 2020-12).
///
/// `type` (one or several), `enum`, `const`, `anyOf`, `$ref` within the schema; `properties`, `required`,
/// `additionalProperties`; `items`, `minItems`, `maxItems`; `minLength`, `maxLength`, `pattern`; `minimum`, `maximum`,
/// `exclusiveMinimum`, `exclusiveMaximum`; `true`, `false`. Titles, descriptions, defaults and examples change nothing.
/// Where a schema leaves a choice, the grammar is narrower than the schema: properties come in the order of the schema
/// and no others are added, a `pattern` matches the whole string (see `expression_grammar`), numbers have at most 15
/// digits before and behind the point. What accepts any value accepts nested ones up to a depth. Keys of an object
/// without `properties` may repeat.
/// Errors: text that is not JSON; a keyword that is not in this list, because the texts might then be invalid; one
/// whose value does not fit it; what names its place in the schema.
inline result<grammar, grammar_error> json_schema_grammar(std::string_view schema,
                                                          const json_schema_options& options = {}) noexcept {
  const auto tree = parse_json_tree(schema, "JSON schema");
  if (!tree) return failure{grammar_error{tree.error().message()}};
  return detail::schema_reader{*tree, options}.read();
}

}  // namespace typeformer
