// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/chat_template.hpp>

#include <support/catch.hpp>

using namespace typeformer;

namespace {

const std::vector<chat_turn> turns{
    {"system", "Be brief."}, {"user", " Hi "}, {"assistant", "Hello!"}, {"user", "Who are you?"}};

/// The text of a template, or the message of its error.
std::string rendered(std::string_view source, std::vector<chat_turn> said = turns, chat_settings settings = {}) {
  const auto made = chat_template::parse(source);
  if (!made) return made.error().message();
  settings.texts = {{"bos_token", "<BOS>"}, {"eos_token", "<EOS>"}};
  settings.now.tm_year = 2024 - 1900, settings.now.tm_mon = 6, settings.now.tm_mday = 26, settings.now.tm_wday = 5;
  const auto text = made->render(said, settings);
  return text ? *text : text.error().message();
}
std::string problem(std::string_view source) {
  const std::string text = rendered(source), beginning = "the chat template: ";
  return text.starts_with(beginning) ? text.substr(beginning.size()) : "accepted: " + text;
}

/// A template of the form that a family has, and the text of all turns, and of those without the system's.
struct family_form {
  const char *family, *source, *with_system, *without_system;
};
// clang-format off
// The texts are those of Jinja2 3.1.
const family_form families[] = {
    {"llama2",
     R"({% if messages[0]['role'] == 'system' %}{% set turns = messages[1:] %}{% set said = messages[0]['content'] %}{% else %}{% set turns = messages %}{% set said = false %}{% endif %}{% for m in turns %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% if loop.index0 == 0 and said != false %}{% set text = '<<SYS>>\n' + said + '\n<</SYS>>\n\n' + m['content'] %}{% else %}{% set text = m['content'] %}{% endif %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + text.strip() + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ ' ' + text.strip() + ' ' + eos_token }}{% endif %}{% endfor %})",
     "<BOS>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n Hi [/INST] Hello! <EOS><BOS>"
     "[INST] Who are you? [/INST]",
     "<BOS>[INST] Hi [/INST] Hello! <EOS><BOS>[INST] Who are you? [/INST]"},
    {"llama3",
     R"({{- bos_token }}
{%- if not date is defined %}
    {%- if strftime_now is defined %}
        {%- set date = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}

{#- the system's words come first #}
{%- if messages[0].role == 'system' %}
    {%- set said = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set said = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Today: " + date + "\n\n" }}
{{- said }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
)",
     "<BOS><|start_header_id|>system<|end_header_id|>\n\nToday: 26 Jul 2024\n\nBe brief."
     "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
     "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|><|start_header_id|>user"
     "<|end_header_id|>\n\nWho are you?<|eot_id|><|start_header_id|>assistant"
     "<|end_header_id|>\n\n",
     "<BOS><|start_header_id|>system<|end_header_id|>\n\nToday: 26 Jul 2024\n\n<|eot_id|>"
     "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant"
     "<|end_header_id|>\n\nHello!<|eot_id|><|start_header_id|>user"
     "<|end_header_id|>\n\nWho are you?<|eot_id|><|start_header_id|>assistant"
     "<|end_header_id|>\n\n"},
    {"mistral",
     R"({%- if messages[0]["role"] == "system" %}
    {%- set said = messages[0]["content"] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set turns = messages %}
{%- endif %}
{%- set asked = turns | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in turns %}
    {%- if not (message.role == "tool" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("user and assistant must alternate") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in turns %}
    {%- if message["role"] == "user" %}
        {%- if message == asked[-1] and said is defined %}
            {{- "[INST]" + said + "\n\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST]" + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- else %}
        {{- message["content"] + eos_token}}
    {%- endif %}
{%- endfor %}
)",
     "<BOS>[INST] Hi [/INST]Hello!<EOS>[INST]Be brief.\n\nWho are you?[/INST]",
     "<BOS>[INST] Hi [/INST]Hello!<EOS>[INST]Who are you?[/INST]"},
    {"chatml",
     R"({% for message in messages %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %})",
     "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
     "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n"
     "<|im_start|>assistant\n",
     "<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
     "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n"},
    {"qwen3",
     R"({%- if tools %}
    {{- tools | tojson }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
{%- endif %}
{%- set ns = namespace(searches=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.searches and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>')) %}
        {%- set ns.searches = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {%- if '</think>' in content %}
            {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or (not loop.last and content)) %}
            {{- '<|im_start|>' + message.role + '\n<think>\n\n</think>\n\n' + content.lstrip('\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %})",
     "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
     "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n"
     "<|im_start|>assistant\n",
     "<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
     "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n"},
    {"gemma",
     R"({{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set first = messages[0]['content'] + '

' -%}
    {%- set rest = messages[1:] -%}
{%- else -%}
    {%- set first = "" -%}
    {%- set rest = messages -%}
{%- endif -%}
{%- for message in rest -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '
' + (first if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("no content") }}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
)",
     "<BOS><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n"
     "<start_of_turn>model\nHello!<end_of_turn>\n"
     "<start_of_turn>user\nWho are you?<end_of_turn>\n<start_of_turn>model\n",
     "<BOS><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello!<end_of_turn>\n"
     "<start_of_turn>user\nWho are you?<end_of_turn>\n<start_of_turn>model\n"},
    {"phi3",
     R"({% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>
' + message['content'] + '<|end|>
'}}{% elif message['role'] == 'user' %}{{'<|user|>
' + message['content'] + '<|end|>
'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>
' + message['content'] + '<|end|>
'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>
' }}{% else %}{{ eos_token }}{% endif %})",
     "<|system|>\nBe brief.<|end|>\n<|user|>\n Hi <|end|>\n<|assistant|>\nHello!<|end|>\n"
     "<|user|>\nWho are you?<|end|>\n<|assistant|>\n",
     "<|user|>\n Hi <|end|>\n<|assistant|>\nHello!<|end|>\n<|user|>\nWho are you?<|end|>\n"
     "<|assistant|>\n"},
    {"deepseek",
     R"({% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(system_prompt='', begins=true) %}{%- for message in messages %}{%- if message['role'] == 'system' %}{%- if ns.begins %}{% set ns.system_prompt = ns.system_prompt + message['content'] %}{% set ns.begins = false %}{%- else %}{% set ns.system_prompt = ns.system_prompt + '\n\n' + message['content'] %}{%- endif %}{%- endif %}{%- endfor %}{{ bos_token }}{{ ns.system_prompt }}{%- for message in messages %}{%- if message['role'] == 'user' %}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt %}{{'<｜Assistant｜>'}}{% endif %})",
     "<BOS>Be brief.<｜User｜> Hi <｜Assistant｜>Hello!<｜end▁of▁sentence｜><｜User｜>Who are you?"
     "<｜Assistant｜>",
     "<BOS><｜User｜> Hi <｜Assistant｜>Hello!<｜end▁of▁sentence｜><｜User｜>Who are you?<｜Assistant｜>"},
    {"zephyr",
     R"({% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %})",
     "<|system|>\nBe brief.<EOS>\n<|user|>\n Hi <EOS>\n<|assistant|>\nHello!<EOS>\n"
     "<|user|>\nWho are you?<EOS>\n<|assistant|>\n",
     "<|user|>\n Hi <EOS>\n<|assistant|>\nHello!<EOS>\n<|user|>\nWho are you?<EOS>\n"
     "<|assistant|>\n"},
    {"glm",
     R"([gMASK]<sop>
{%- macro visible(content, around='') -%}
    {{- around ~ content ~ around }}
{%- endmacro -%}
{% for m in messages %}
{%- if m.role == 'user' -%}<|user|>
{{ visible(m.content) }}
{%- elif m.role == 'assistant' -%}
<|assistant|>
{{ '\n' + visible(m.content, around='*').strip() }}
{%- elif m.role == 'system' -%}
<|system|>
{{ visible(m.content) }}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
    <|assistant|>
{%- endif -%}
)",
     "[gMASK]<sop><|system|>\nBe brief.<|user|>\n Hi <|assistant|>\n\n*Hello!*"
     "<|user|>\nWho are you?<|assistant|>",
     "[gMASK]<sop><|user|>\n Hi <|assistant|>\n\n*Hello!*<|user|>\nWho are you?<|assistant|>"},
    {"granite",
     R"({%- if messages[0]['role'] == 'system' %}
    {%- set said = messages[0]['content'] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set said = "Today's date is " + strftime_now('%B %d, %Y') + "." %}
    {%- set turns = messages %}
{%- endif %}
{{- '<|start_of_role|>system<|end_of_role|>' + said + '<|end_of_text|>
' }}
{%- for message in turns %}
    {{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>
' }}
    {%- if loop.last and add_generation_prompt %}
        {{- '<|start_of_role|>assistant' }}
            {{- '<|end_of_role|>' }}
    {%- endif %}
{%- endfor %})",
     "<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n<|start_of_role|>user"
     "<|end_of_role|> Hi <|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>Hello!"
     "<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Who are you?<|end_of_text|>\n"
     "<|start_of_role|>assistant<|end_of_role|>",
     "<|start_of_role|>system<|end_of_role|>Today's date is July 26, 2024.<|end_of_text|>\n"
     "<|start_of_role|>user<|end_of_role|> Hi <|end_of_text|>\n<|start_of_role|>assistant"
     "<|end_of_role|>Hello!<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Who are you?"
     "<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>"},
    {"smollm",
     R"({% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
Be kind.<|im_end|>
' }}{% endif %}{% if message['role'] == 'assistant' %}{% generation %}{{ '<|im_start|>assistant
' + message['content'] + '<|im_end|>
' }}{% endgeneration %}{% else %}{{ '<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>
' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %})",
     "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
     "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n"
     "<|im_start|>assistant\n",
     "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
     "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n"
     "<|im_start|>assistant\n"},

};
// clang-format on

}  // namespace

TEST_CASE("writes turns in the forms of twelve families", "[text]") {
  for (const family_form& each : families) {
    INFO(each.family);
    CHECK(rendered(each.source) == each.with_system);
    CHECK(rendered(each.source, {turns.begin() + 1, turns.end()}) == each.without_system);
  }
}

TEST_CASE("asks for no answer where none is wanted, and shows flags to a template", "[text]") {
  const char* const source =
      "{{ messages[-1].content }}{% if add_generation_prompt %}{{ '>' }}{% endif %}"
      "{% if enable_thinking is defined and not enable_thinking %}{{ '!' }}{% endif %}";
  CHECK(rendered(source) == "Who are you?>");
  CHECK(rendered(source, turns, {.asks_for_an_answer = false}) == "Who are you?");
  CHECK(rendered(source, turns, {.flags = {{"enable_thinking", false}}}) == "Who are you?>!");
}

TEST_CASE("evaluates expressions of templates as Jinja does", "[text]") {
  const std::pair<const char*, const char*> cases[] = {
      {"{{ 1 + 2 * 3 - 4 // 3 }}", "6"},
      {"{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }}", "-4 2 3.5"},
      {"{{ 'a' ~ 1 ~ true ~ none }}", "a1TrueNone"},
      {"{{ 'a' 'b' + \"c\\n\\u00e9\" }}", "abc\n\u00e9"},
      {"{{ not true or 1 == 1.0 and 'b' > 'a' }}", "True"},
      {"{{ 'x' if false else 'y' }}{{ 'z' if false }}", "y"},
      {"{{ [1, 2, 3][-1] }}{{ 'caf\u00e9'[3] }}{{ {'k': 'v'}.k }}{{ {'k': 'v'}['k'] }}", "3\u00e9vv"},
      {"{{ 'abc'[1:] }}{{ 'abc'[:-1] }}{{ 'abc'[::-1] }}{{ [1, 2][5] }}", "bcabcba"},
      {"{{ 'b' in 'abc' }}{{ 'k' in {'k': 1} }}{{ 4 not in [1, 2] }}", "TrueTrueTrue"},
      {"{{ missing }}{{ missing is defined }}{{ missing | default('d') }}{{ '' | default('e', true) }}", "Falsede"},
      {"{{ ' a ' | trim }}{{ 'xxaxx'.strip('x') }}{{ 'a-b-c'.split('-') | join('+') }}", "aaa+b+c"},
      {"{{ 'a-b-c'.split('-', 1)[1] }}{{ 'aXb'.lower() }}{{ 'ab cd' | title }}{{ 'AB' | capitalize }}",
       "b-caxbAb CdAb"},
      {"{{ 'caf\u00e9' | length }}{{ [1, 2] | length }}{{ 'aab'.replace('a', 'b') }}", "42bbb"},
      {"{{ {'a': [1, 1.5, none, true, 'q\\\"']} | tojson }}", "{\"a\": [1, 1.5, null, true, \"q\\\"\"]}"},
      {"{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('|') }}",
       " Hi |Who are you?"},
      {"{% for k, v in {'a': 1, 'b': 2}.items() if v > 1 %}{{ k }}{{ v }}{{ loop.last }}{% else %}none{% endfor %}",
       "b2True"},
      {"{% for x in [] %}{{ x }}{% else %}empty{% endfor %}", "empty"},
      {"{% for x in range(9) %}{% if x == 1 %}{% continue %}{% elif x == 4 %}{% break %}{% endif %}{{ x }}{% endfor %}",
       "023"},
      {"{% set x = 1 %}{% for i in [1, 2] %}{% set x = 5 %}{% endfor %}{{ x }}", "1"},
      {"{% set n = namespace(a=1) %}{% for i in [1, 2] %}{% set n.a = n.a + i %}{% endfor %}{{ n.a }}", "4"},
      {"{% set x %}a{{ 1 }}{% endset %}{{ x }}{% set a, b = [1, 2] %}{{ a + b }}", "a13"},
      {"{% macro m(a, b='d') %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m('x', b=2) }}", "1dx2"},
      {"{% for m in messages %}{{ loop.index }}{{ loop.revindex0 }}{% if loop.nextitem is defined %}{{ "
       "loop.nextitem.role[0] }}{% endif %};{% endfor %}",
       "13u;22a;31u;40;"},
      {"a  {%- if true -%}  b  {%- endif -%}  c", "abc"},
      {"a\n  {% if true %}\nb\n  {% endif %}\nc\n", "a\nb\nc"},
      {"a\n  {%+ if true +%}\nb{% endif %}", "a\n  \nb"},
      {"a {#- no words #} b{# more #}\nc", "a bc"},
      {"{{ '}}' }}{{ {'a': {'b': 1}}['a']['b'] }}{ {", "}}1{ {"},
      {"{{ messages | length is odd }}{{ 6 is divisibleby 3 }}{{ 'a' is in ['a'] }}{{ none is not none }}",
       "FalseTrueTrueFalse"},
      {"{{ strftime_now('%Y-%m-%d %a %H:%M') }}", "2024-07-26 Fri 00:00"}};
  for (const auto& [source, text] : cases) {
    INFO(source);
    CHECK(rendered(source) == text);
  }
}

TEST_CASE("names what it does not support in a chat template", "[text]") {
  CHECK(problem("{% include 'a' %}") == "the statement \"include\" is not supported");
  CHECK(problem("{{ 'a' | wordwrap }}") == "the filter \"wordwrap\" is not supported");
  CHECK(problem("{{ 'a' is lower }}") == "the test \"lower\" is not supported");
  CHECK(problem("{{ 'a'.encode() }}") == "the method \"encode\" is not supported");
  CHECK(problem("{{ lipsum() }}") == "the function \"lipsum\" is not supported");
  CHECK(problem("{{ 2 ** 3 }}") == "\"**\" of an integer and an integer is not supported");
  CHECK(problem("{{ 1 < 2 < 3 }}") == "a chain of comparisons is not supported");
  CHECK(problem("{{ messages }}") == "a list as text is not supported");
  CHECK(problem("{{ '\u00e9' | upper }}") == "upper and lower case beyond ASCII are not supported");
  CHECK(problem("{{ strftime_now('%c') }}") == "the form of a date \"%c\" is not supported");
  CHECK(problem("{% if false %}{{ 'a' | wordwrap }}{% endif %}") == "accepted: ");
}

TEST_CASE("says what is wrong with a chat template", "[text]") {
  CHECK(problem("{% if x %}") == "\"endif\" is missing");
  CHECK(problem("{% endif %}") == "\"endif\" without a beginning");
  CHECK(problem("{{ x") == "\"}}\" is missing at the end");
  CHECK(problem("{{ 'x }}") == "a string without end");
  CHECK(problem("{{ (1 }}") == "a bracket is not opened");
  CHECK(problem("{{ 1 2 }}") == "expected \"}}\" or \"%}\", found \"2\"");
  CHECK(problem("{# x") == "a comment without end");
  CHECK(problem("{% break %}") == "\"break\" is not in a loop");
  CHECK(problem("{{ raise_exception('roles must alternate') }}") == "it rejects these turns: roles must alternate");
  CHECK(problem("{{ missing.a }}") == "\"a\" of an undefined value");
  CHECK(problem("{{ 'a' + none }}") == "\"+\" of a text and none is not supported");
  CHECK(problem("{{ 1 // 0 }}") == "a division by 0");
  CHECK(problem("{{ 9223372036854775807 + 1 }}") == "a number is too large");
  CHECK(problem("{% set x = 1 %}{% set x.a = 1 %}") == "\"x\" is no namespace");
}

TEST_CASE("limits the work, the memory and the nesting of a chat template", "[text]") {
  const std::string deep = std::string(70, '(') + "1" + std::string(70, ')');
  CHECK(problem("{{ " + deep + " }}") == "it is nested too deeply");
  for (const char* link : {" + 1", " ~ 1", "[0]", " | trim", ".a", " and 1", " or 0", " is defined", ".strip()"}) {
    CAPTURE(link);
    std::string chain = "{{ 1";
    for (int i = 0; i < 10000; ++i) chain += link;
    CHECK(problem(chain + " }}") == "it is nested too deeply");
  }
  std::string sum = "{{ 1";
  for (int i = 0; i < 150; ++i) sum += " + 1";
  CHECK(rendered(sum + " }}") == "151");
  std::string ifs, ends;
  for (int i = 0; i < 70; ++i) ifs += "{% if true %}", ends += "{% endif %}";
  CHECK(problem(ifs + ends) == "it is nested too deeply");
  CHECK(problem("{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}") ==
        "it takes too long");
  CHECK(problem("{% for a in range(1000000000) %}{% endfor %}") == "it takes too long");
  CHECK(problem("{% set n = namespace(t='ab') %}{% for i in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}") ==
        "it takes too long");
  CHECK(problem("{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = [n.l] %}{% endfor %}") ==
        "a list or a map is too large");
  CHECK(problem("{% set n = namespace(l=[1]) %}{% for i in range(30) %}{% set n.l = [n.l, n.l] %}{% endfor %}") ==
        "a list or a map is too large");
  CHECK(problem("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}") == "macros call one another too deeply");
  CHECK(problem("{% set n = namespace() %}{% set n.n = n %}") == "a namespace in another value is not supported");
  CHECK(problem(std::string(chat_template::longest + 1, 'a')) == "expected at most 131072 bytes, found 131073");
}
