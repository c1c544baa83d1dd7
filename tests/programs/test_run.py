#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""test_run.py RUN CONVERT GOLDEN [--every-kind | --minilm FOLDER EXPECTED]: runs typeformer-run as one does, on golden models
with a tokenizer of words `w0`, `w1`, … and on GGUF files that typeformer-convert makes of them. A model is compiled once;
--every-kind compiles one of each kind. --minilm judges the ids and the embeddings of a folder of all-MiniLM-L6-v2, and of its
GGUF file, by a list of texts with both."""
import argparse
import json
import math
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FLAGS = ("--flags", "-O1", "--threads", "1")


def tensors_of(path):
    """{name: (shape, numbers)} of a safetensors file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    made = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        kind = {"F32": "f", "I64": "q"}[entry["dtype"]]
        made[name] = (entry["shape"], [number for (number,) in struct.iter_unpack("<" + kind, data[begin:end])])
    return made


def rows(tensor):
    shape, numbers = tensor
    return [numbers[i:i + shape[-1]] for i in range(0, len(numbers), shape[-1])]


def words(ids):
    return " ".join(f"w{number}" for number in ids)


def tokenizer(size, **more):
    return {"added_tokens": [], "normalizer": None, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None,
            "decoder": None, "model": {"type": "WordLevel", "vocab": {f"w{i}": i for i in range(size)}, "unk_token": "w0"},
            **more}


class Folders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.place = Path(holder.name)
        cls.cache = cls.place / "cache"

    @classmethod
    def folder(cls, family, name=None, **config):
        """A folder as hubs have it, of a golden model; `config` replaces keys."""
        made = cls.place / (name or family)
        made.mkdir()
        keys = json.loads((GOLDEN / family / "config.json").read_text()) | config
        if family == "gpt2":
            keys["n_inner"] = 4 * keys["n_embd"]  # which GGUF files say, so that the type is the same
        (made / "config.json").write_text(json.dumps(keys))
        (made / "tokenizer.json").write_text(json.dumps(tokenizer(keys["vocab_size"])))
        shutil.copy(GOLDEN / family / "model.safetensors", made)
        return made

    @classmethod
    def gguf(cls, folder, name=None):
        """The whole folder as one file."""
        made = cls.place / "files" / (name or f"{folder.name}.gguf")
        made.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([CONVERT, folder, made], check=True, capture_output=True)
        return made

    @classmethod
    def run_it(cls, *arguments, given=None, flags=FLAGS):
        done = subprocess.run([RUN, "--cache", str(cls.cache), *flags, *map(str, arguments)], input=given, text=True,
                              capture_output=True, errors="replace", check=False)
        return done.returncode, done.stdout, done.stderr

    def writes(self, *arguments, given=None):
        code, out, told = self.run_it(*arguments, given=given)
        self.assertEqual(code, 0, told)
        return out

    def serves(self, folder, *requests, options=()):
        lines = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in requests)
        return [json.loads(line) for line in self.writes(folder, "--serve", *options, given=lines).splitlines()]

    def rejects(self, sentence, *arguments, exit_code=1):
        code, out, told = self.run_it(*arguments)
        self.assertEqual((code, out), (exit_code, ""), told)
        self.assertIn(sentence, told)
        self.assertNotIn("Compiling", told)

    def compiled(self):
        return sorted(path.relative_to(self.cache).parts[1:] for path in self.cache.rglob("*") if path.is_file())


class Decoder(Folders):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gpt2 = cls.folder("gpt2")
        case = tensors_of(GOLDEN / "gpt2/case.safetensors")
        cls.prompt, cls.greedy = rows(case["gen.prompt_ids"])[0], rows(case["gen.greedy_ids"])[0]
        cls.text = words(cls.greedy[len(cls.prompt):])
        cls.count = len(cls.greedy) - len(cls.prompt)
        cls.asked = ("--temperature", "0", "--tokens", cls.count)
        cls.cold = cls.run_it(cls.gpt2, words(cls.prompt), *cls.asked)

    def test_a_model_is_compiled_once(self):
        code, out, told = self.cold
        self.assertEqual((code, out.split()), (0, self.text.split()), told)
        self.assertEqual(told.count("Compiling"), 1)
        files = [("compiler.log",), ("model.cpp",), ("model.hpp",), ("model.so",)]
        self.assertEqual(self.compiled(), files)
        self.assertEqual([path.name.startswith("model-") for path in self.cache.iterdir()], [True])
        code, out, told = self.run_it(self.gpt2, words(self.prompt), *self.asked)
        self.assertEqual((code, out, told), (0, self.cold[1], ""))
        # Another folder with an equal configuration has the same type.
        other = self.folder("gpt2", "other", bos_token_id=5)
        self.assertEqual(self.writes(other, words(self.prompt), *self.asked), out)
        self.assertEqual(self.writes(self.gpt2, "-", *self.asked, given=words(self.prompt) + "\n"), out)
        self.assertEqual(self.compiled(), files)

    def test_a_gguf_file_is_a_whole_folder(self):
        file = self.gguf(self.gpt2)
        code, out, told = self.run_it(file, words(self.prompt), *self.asked)
        self.assertEqual((code, out, told), (0, self.cold[1], ""))
        requests = {"prompt": words(self.prompt), "temperature": 0, "tokens": self.count}, {"prompt": "w1", "tokens": 5}
        self.assertEqual(self.serves(file, *requests), self.serves(self.gpt2, *requests))
        alone = self.place / "alone"
        alone.mkdir()
        shutil.copy(file, alone / "of-any-name.gguf")
        code, out, told = self.run_it(alone, words(self.prompt), *self.asked)
        self.assertEqual((code, out, told), (0, self.cold[1], ""))
        shutil.copy(file, alone / "another.gguf")
        self.rejects("config.json: there is no such file, nor a single .gguf file", alone, "w1")
        (self.place / "files" / "broken.gguf").write_bytes(file.read_bytes()[:-4])
        self.rejects("truncated data", self.place / "files" / "broken.gguf", "w1")

    def test_a_gguf_file_ends_texts_and_writes_chats_as_its_folder(self):
        chat = self.folder("gpt2", "spoken", eos_token_id=[70, self.greedy[-1]], bad_words_ids=[[71]])
        first, _, rest = words(self.prompt).partition(" ")
        (chat / "chat_template.jinja").write_text("{{ eos_token }} " + first + " {{ messages[-1].content }}")
        (chat / "tokenizer_config.json").write_text(json.dumps({"eos_token": "w70"}))
        file = self.gguf(chat)
        requests = [{"prompt": rest, "tokens": self.count}, {"prompt": words(self.prompt), "chat": False, "tokens": self.count}]
        answers = self.serves(chat, *requests, options=("--temperature", "0"))
        self.assertEqual(answers[1]["ended"], "end")
        self.assertEqual(self.serves(file, *requests, options=("--temperature", "0")), answers)

    def test_a_seed_repeats_a_text(self):
        texts = [self.writes(self.gpt2, "w1 w2", "--tokens", "12", "--temperature", "2", "--seed", seed) for seed in (1, 1, 2)]
        self.assertEqual(texts[0], texts[1])
        self.assertNotEqual(texts[0], texts[2])
        self.assertEqual(self.writes(self.gpt2, words(self.prompt), *self.asked[2:], "--top-k", "1"), self.cold[1])

    def test_requests_are_answered_one_by_one(self):
        prompt = words(self.prompt)
        common = {"prompt": prompt, "temperature": 0, "tokens": self.count}
        answers = self.serves(self.gpt2, {"id": 1, **common}, {"id": "two", **common, "stream": True}, {"id": 3, **common, "stop": " w59"},
                              {"id": 4, **common, "tokens": 2}, "", {"id": 5, **common, "tokens": 1000})
        self.assertEqual(answers[0]["id"], 1)
        self.assertEqual(answers[0]["text"].split(), self.text.split())
        self.assertEqual((answers[0]["tokens"], answers[0]["ended"]), (self.count, "tokens"))
        pieces = [answer["piece"] for answer in answers if "piece" in answer]
        self.assertGreater(len(pieces), 2)
        two, three, four, five = answers[-4:]
        self.assertEqual((two["id"], "".join(pieces), two["text"]), ("two", two["text"], answers[0]["text"]))
        self.assertEqual((three["text"], three["ended"]), (answers[0]["text"].partition(" w59")[0], "stop"))
        self.assertEqual((four["text"].split(), four["ended"]), (self.text.split()[:2], "tokens"))
        self.assertEqual((five["tokens"], five["ended"]), (32 - len(self.prompt) + 1, "context"))

    def test_a_request_that_is_wrong_is_answered_too(self):
        sentences = {
            "{": "request: invalid JSON",
            "[]": "expected an object",
            '{"id": 1}': "expected a \"prompt\", a \"text\" or \"messages\"",
            '{"id": [], "prompt": "w1"}': "id: expected a text or an integer, found an array",
            '{"prompt": 1}': "prompt: expected a text, found an integer",
            '{"prompt": "w1", "temprature": 1}': "the key \"temprature\" is not known",
            '{"prompt": "w1", "tokens": 0}': "tokens: expected a whole number from 1 on, found 0",
            '{"prompt": "w1", "temperature": -1}': "temperature must be a positive finite number",
            '{"prompt": "w1", "top_p": 2, "temperature": 1}': "top-p must lie in (0, 1]",
            '{"prompt": ""}': "the prompt has no tokens",
            json.dumps({"prompt": "w1 " * 33}): "the prompt has 33 tokens; the context holds 32",
            '{"messages": [{"role": "user"}]}': "content: expected a text, found none",
            '{"messages": []}': "messages: expected at least one",
            '{"messages": [{"role": "user", "content": "w1"}]}': "the model has no chat template"}
        answers = self.serves(self.gpt2, *sentences, {"prompt": words(self.prompt), "temperature": 0, "tokens": self.count})
        self.assertEqual(len(answers), len(sentences) + 1)
        for request, sentence, answer in zip(sentences, sentences.values(), answers):
            self.assertIn(sentence, answer["error"], request)
        self.assertEqual(answers[2]["id"], 1)
        self.assertEqual(answers[-1]["text"].split(), self.text.split())

    def test_a_template_makes_a_chat_of_the_prompt(self):
        chat = self.folder("gpt2", "chat", eos_token_id=self.greedy[-1])
        prompt = words(self.prompt)
        first, _, rest = prompt.partition(" ")
        (chat / "chat_template.jinja").write_text("{% for m in messages %}{{ m.role[0] == 's' and m.content or '' }} "
                                                  + "{% if m.role == 'user' %}" + first + " {{ m.content }}{% endif %}{% endfor %}")
        spoken = self.writes(chat, rest, *self.asked)
        until_end = self.greedy[len(self.prompt):]
        until_end = until_end[:until_end.index(self.greedy[-1])]
        self.assertEqual(spoken.split(), words(until_end).split())
        self.assertEqual(self.writes(chat, prompt, "--raw", *self.asked).split(), words(until_end).split())
        self.assertEqual(self.writes(chat, rest, "--system", "w3", "--chat", *self.asked) == spoken, False)
        answers = self.serves(chat, {"messages": [{"role": "user", "content": rest}], "tokens": self.count},
                              {"prompt": rest, "tokens": self.count}, {"prompt": prompt, "chat": False, "tokens": self.count},
                              options=("--temperature", "0"))
        self.assertEqual([answer["text"].split() for answer in answers], [words(until_end).split()] * 3)
        self.assertEqual({answer["ended"] for answer in answers}, {"end"})
        (chat / "chat_template.jinja").write_text("{% include 'x' %}")
        self.rejects("chat_template.jinja: the chat template: the statement \"include\" is not supported", chat, "w1")

    def test_what_is_wrong_with_a_folder_is_said_before_anything_is_compiled(self):
        self.rejects("absent: there is no such folder or file", self.place / "absent", "w1")
        self.rejects("config.json: expected a folder or a .gguf file", self.gpt2 / "config.json", "w1")
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 548105171\n"
        for name in "model.safetensors", "tokenizer.json":
            large = self.folder("gpt2", f"pointer-{name}")
            (large / name).write_text(pointer)
            self.rejects(f'{name}: is a pointer of Git LFS, not the file itself; "git lfs pull" fetches it', large, "w1")
        pickled = self.folder("gpt2", "pickled")
        (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
        self.rejects("pickled: pytorch_model.bin is not read; expected model.safetensors", pickled, "w1")
        (pickled / "pytorch_model.bin").unlink()
        self.rejects("holds no checkpoint", pickled, "w1", "--context", "7")
        empty = self.place / "empty"
        empty.mkdir()
        self.rejects("config.json: there is no such file", empty, "w1")
        family = self.folder("gpt2", "family", model_type="elmo")
        self.rejects("key \"model_type\": expected one of ", family, "w1")
        bare = self.folder("gpt2", "bare", n_embd=24)
        (bare / "tokenizer.json").unlink()
        self.rejects("bare: the folder has no tokenizer", bare, "w1")
        self.rejects("no more than the model's 32", self.gpt2, "w1", "--context", "33")
        self.rejects("--chat: ", self.gpt2, "w1", "--chat")
        self.rejects("--pair is for encoders", self.gpt2, "w1", "--pair", "w2")
        self.rejects("expected one prompt, found 2", self.gpt2, "w1", "w2")

    def test_a_model_that_does_not_compile_or_load_leaves_nothing(self):
        before = self.compiled()
        wide = self.folder("gpt2", "wide", n_positions=16)
        for flags, sentence in (("--flags", "-include no_such_header"), "does not compile: "), \
                               (("--compiler", "/no/such/compiler"), "/no/such/compiler cannot be started: "):
            code, out, told = self.run_it(wide, "w1", flags=flags)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(sentence, told)
        self.assertEqual(self.compiled(), before)
        cut = self.folder("gpt2", "cut")
        (cut / "model.safetensors").write_bytes((cut / "model.safetensors").read_bytes()[:-4])
        self.rejects("truncated data", cut, "w1")

    def test_arguments_that_make_no_sense_are_rejected(self):
        for arguments in ((), (self.gpt2,), (self.gpt2, "w1", "--serve"), (self.gpt2, "w1", "--tokens", "0"),
                          (self.gpt2, "w1", "--temperature", "-1"), (self.gpt2, "w1", "--top-p", "0"), (self.gpt2, "w1", "--seed", "x"),
                          (self.gpt2, "w1", "--chat", "--raw"), (self.gpt2, "w1", "--type", "int3"), (self.gpt2, "w1", "--no-such-option")):
            code, out, told = self.run_it(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertNotIn("Compiling", told)
        code, out, _ = self.run_it("--help")
        self.assertEqual(code, 0)
        self.assertIn("Exit code: 0", out)


class OtherKinds(Folders):
    def test_an_encoder_decoder_writes_from_a_source(self):
        t5 = self.folder("t5_v1_1", eos_token_id=None)
        case = tensors_of(GOLDEN / "t5_v1_1/case.safetensors")
        source, greedy = rows(case["input_ids"])[0], rows(case["gen.greedy_ids"])[0][1:]
        out = self.writes(t5, words(source), "--tokens", len(greedy))
        self.assertEqual(out.split(), words(greedy).split())
        answers = self.serves(t5, {"text": words(source), "tokens": len(greedy)}, {"text": words(source[:3] * 200)})
        self.assertEqual(answers[0]["text"].split(), words(greedy).split())
        self.assertIn("the text has 600 tokens; the context holds 512", answers[1]["error"])
        self.assertEqual(self.writes(self.gguf(t5), words(source), "--tokens", len(greedy)), out)

    def test_weights_are_narrow_if_asked(self):
        gpt2, bert = self.folder("gpt2", "narrow"), self.folder("bert", "narrow_encoder")
        case = tensors_of(GOLDEN / "gpt2/case.safetensors")
        prompt, greedy = rows(case["gen.prompt_ids"])[0], rows(case["gen.greedy_ids"])[0]
        text = greedy[len(prompt):]
        for kind in "bf16", "int8":
            out = self.writes(gpt2, words(prompt), "--temperature", "0", "--tokens", len(text), "--type", kind)
            self.assertEqual(out.split(), words(text).split(), kind)
        self.assertEqual(len(self.writes(gpt2, "w1", "--tokens", 3, "--type", "int4").split()), 3)
        kind = tokenizer(96)
        kind["model"]["vocab"] = {("[MASK]" if i == 4 else f"w{i}"): i for i in range(96)}
        (bert / "tokenizer.json").write_text(json.dumps(kind))
        self.assertEqual(len(self.writes(bert, "w1 [MASK]", "--type", "int8").splitlines()), 5)

    def test_an_encoder_fills_in_hidden_words(self):
        bert = self.folder("bert")
        kind = tokenizer(96)
        kind["model"]["vocab"] = {("[MASK]" if i == 4 else f"w{i}"): i for i in range(96)}
        (bert / "tokenizer.json").write_text(json.dumps(kind))
        answers = self.serves(bert, {"id": 1, "text": "w81 [MASK] w7"}, {"id": 2, "text": words([1, 2])},
                              {"id": 3, "text": "w1", "pair": "[MASK] [MASK]"})
        for fill, count in (answers[0], 1), (answers[2], 2):
            self.assertEqual([len(each) for each in fill["fills"]], [5] * count)
            for each in fill["fills"]:
                scores = [part["score"] for part in each]
                self.assertEqual(scores, sorted(scores, reverse=True))
                self.assertTrue(0 < sum(scores) <= 1)
        self.assertIn("expected a text with [MASK], found none", answers[1]["error"])
        self.assertEqual(len(self.writes(bert, "w1 [MASK]", "w2 [MASK]").splitlines()), 10)


class SentenceEmbeddings(Folders):
    def judge(self, folder, expected, least_equal):
        answers = self.serves(folder, *({"text": row["text"], "ids": True} for row in expected))
        self.assertEqual(len(answers), len(expected))
        for row, answer in zip(expected, answers):
            self.assertEqual(answer["ids"], row["ids"], row["text"][:80])
            self.assertEqual(len(answer["embedding"]), len(row["embedding"]), row["text"][:80])
            difference = max(abs(a - b) for a, b in zip(answer["embedding"], row["embedding"]))
            self.assertLess(difference, least_equal, row["text"][:80])

    def test_the_modules_of_a_folder_give_a_vector_of_each_text(self):
        keys = {"architectures": ["BertModel"]}
        case = tensors_of(GOLDEN / "bert/case.safetensors")
        first = [words(rows(case["input_ids"])[0][:5]), words(rows(case["input_ids"])[0][5:])]
        states = rows(case["hidden_states.2"])[:11]
        for name, pooling, modules in ("mean", {"pooling_mode_mean_tokens": True}, 3), ("cls", {"pooling_mode": "cls"}, 2):
            folder = self.folder("bert", name, **keys)
            kinds = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
            (folder / "modules.json").write_text(json.dumps(
                [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
                 for i, (kind, path) in enumerate(kinds[:modules])]))
            (folder / "1_Pooling").mkdir()
            (folder / "1_Pooling/config.json").write_text(json.dumps(pooling))
            vector = states[0] if name == "cls" else [sum(row[i] for row in states) / len(states) for i in range(48)]
            length = math.sqrt(sum(number * number for number in vector)) if modules == 3 else 1
            (answer,) = self.serves(folder, {"text": first[0], "pair": first[1]})
            for a, b in zip(answer["embedding"], vector, strict=True):
                self.assertAlmostEqual(a, b / length, delta=2e-5)
            (folder / "tokenizer_config.json").write_text(json.dumps({"cls_token": words(rows(case["input_ids"])[0][:1])}))
            (again,) = self.serves(self.gguf(folder), {"text": first[0], "pair": first[1]})
            for a, b in zip(again["embedding"], answer["embedding"], strict=True):
                self.assertAlmostEqual(a, b, delta=1e-6)
        (folder / "1_Pooling/config.json").write_text('{"pooling_mode_weightedmean_tokens": true}')
        self.rejects("the pooling is not supported: expected mean, cls or max, found weightedmean", folder, "w1")

    def test_minilm(self):
        folder, expected = MINILM
        self.judge(folder, json.loads(expected.read_text()), 1e-5)
        # A GGUF file does not say that the model was trained with 256 tokens.
        short = [row for row in json.loads(expected.read_text()) if len(row["ids"]) < 256]
        self.assertGreater(len(short), 30)
        self.judge(self.gguf(folder), short, 1e-5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("convert")
    parser.add_argument("golden", type=Path)
    parser.add_argument("--every-kind", action="store_true")
    parser.add_argument("--minilm", type=Path, nargs=2)
    asked = parser.parse_args()
    RUN, CONVERT, GOLDEN, MINILM = asked.run, asked.convert, asked.golden, asked.minilm
    tests = ["Decoder"]
    if asked.every_kind:
        tests += ["OtherKinds", "SentenceEmbeddings.test_the_modules_of_a_folder_give_a_vector_of_each_text"]
    if asked.minilm:
        tests = ["SentenceEmbeddings.test_minilm"]
    unittest.main(argv=[sys.argv[0], *tests], verbosity=1)
