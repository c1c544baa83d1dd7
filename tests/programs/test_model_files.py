#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""test_model_files.py INSPECT CONVERT GOLDEN: runs typeformer-inspect and typeformer-convert on the golden models."""
import ast
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def header_of(path):
    data = path.read_bytes()
    return json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])


class ModelFiles(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def convert(self, source, name, *options):
        code, out, told = run(CONVERT, source, self.folder / name, *options)
        self.assertEqual(code, 0, told)
        self.assertIn(f"{self.folder / name}: ", out)
        return self.folder / name

    def rejects(self, sentence, *arguments, program=None):
        before = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        code, out, told = run(program or CONVERT, *arguments)
        self.assertEqual(code, 2, (out, told))
        self.assertIn(sentence, told)
        self.assertEqual({path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}, before)

    def equal(self, one, other):
        code, out, told = run(INSPECT, "--diff", one, other)
        self.assertEqual((code, out), (0, "no tensor differs\n"), told)

    def test_gguf_and_back_is_the_same_model(self):
        for family, architecture, tensor in (("gpt2", "gpt2", "blk.0.attn_qkv.weight"), ("llama", "llama", "blk.0.attn_q.weight"),
                                             ("t5_v1_1", "t5", "enc.blk.0.attn_q.weight"),
                                             ("falcon_new", "falcon", "blk.0.attn_norm_2.weight"),
                                             ("gptj", "gptj", "blk.0.attn_output.weight"), ("umt5", "t5", "enc.blk.1.attn_rel_b.weight")):
            with self.subTest(family):
                source = GOLDEN / family
                gguf = self.convert(source, f"{family}.gguf")
                code, out, told = run(INSPECT, gguf)
                self.assertEqual(code, 0, told)
                self.assertIn(f'metadata    general.architecture = "{architecture}"', out)
                self.assertIn(f"tensor      {tensor} ", out)
                self.assertIn("format      GGUF", out)
                self.equal(source, gguf)
                back = self.convert(gguf, f"{family}.safetensors")
                self.equal(source, back)
                self.assertEqual(set(header_of(back)), set(header_of(source / "model.safetensors")) | {"__metadata__"})
                again = self.convert(gguf, f"{family}-again.gguf")
                self.assertEqual(again.read_bytes(), gguf.read_bytes())

    def test_a_type_is_of_matrices_with_whole_blocks(self):
        gguf = self.convert(GOLDEN / "gpt2", "a.gguf", "--type", "Q8_0")
        code, out, _ = run(INSPECT, gguf)
        self.assertEqual(code, 0)
        types = {line.split()[1]: line.split()[2] for line in out.splitlines() if line.startswith("tensor ")}
        shapes = {line.split()[1]: ast.literal_eval(line[line.index("["):]) for line in out.splitlines()
                  if line.startswith("tensor ")}
        for name, shape in shapes.items():
            self.assertEqual(types[name], "Q8_0" if len(shape) > 1 and shape[-1] % 32 == 0 else "F32", name)
        half = self.convert(GOLDEN / "gpt2", "half.safetensors", "--type", "f16")
        self.assertEqual({entry["dtype"] for name, entry in header_of(half).items() if name != "__metadata__"}, {"F16"})
        code, out, _ = run(INSPECT, "--diff", GOLDEN / "gpt2", half)
        self.assertEqual(code, 1)
        self.assertIn("type F32 and F16, ", out)

    def test_numpy_has_the_same_numbers(self):
        source = GOLDEN / "gpt2" / "model.safetensors"
        archive = zipfile.ZipFile(self.convert(source, "a.npz"))
        self.addCleanup(archive.close)
        self.assertIsNone(archive.testzip())
        header, data = header_of(source), source.read_bytes()
        header.pop("__metadata__", None)
        start = 8 + struct.unpack("<Q", data[:8])[0]
        self.assertEqual(set(archive.namelist()), {f"{name}.npy" for name in header})
        for name, entry in header.items():
            stored = archive.read(f"{name}.npy")
            length = struct.unpack("<H", stored[8:10])[0]
            self.assertEqual(ast.literal_eval(stored[10:10 + length].decode())["shape"], tuple(entry["shape"]))
            begin, end = entry["data_offsets"]
            self.assertEqual(stored[10 + length:], data[start + begin:start + end])

    def copied(self, family, **changes):
        """A folder of a golden model with other numbers in its config.json."""
        folder = self.folder / "copied"
        shutil.copytree(GOLDEN / family, folder)
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | changes))
        return folder

    def test_gguf_tells_what_the_configuration_does(self):
        source = self.copied("llama", rope_scaling={"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                                    "high_freq_factor": 4.0, "original_max_position_embeddings": 16})
        gguf = self.convert(source, "llama.gguf")
        code, out, told = run(INSPECT, gguf)
        self.assertEqual(code, 0, told)
        config = json.loads((source / "config.json").read_text())
        for key, value in (("block_count", config["num_hidden_layers"]), ("embedding_length", config["hidden_size"]),
                           ("attention.head_count", config["num_attention_heads"]), ("vocab_size", config["vocab_size"])):
            self.assertIn(f"metadata    llama.{key} = {value}\n", out)
        pairs = config["hidden_size"] // config["num_attention_heads"] // 2
        self.assertRegex(out, rf"tensor      rope_freqs.weight +F32 +\[{pairs}\]\n")
        self.equal(source, gguf)

    def test_gguf_holds_the_tokenizer_of_the_folder(self):
        source = self.copied("gpt2", eos_token_id=2)
        whole = {"added_tokens": [], "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False}, "decoder": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "</s>": 2, "ab": 3}, "merges": ["a b"]}}
        (source / "tokenizer.json").write_text(json.dumps(whole))
        (source / "chat_template.jinja").write_text("{{ messages[0].content }}")
        code, out, told = run(INSPECT, self.convert(source, "a.gguf"))
        self.assertEqual(code, 0, told)
        for line in ('model = "gpt2"', 'pre = "gpt-2"', "eos_token_id = 2"):
            self.assertIn(f"metadata    tokenizer.ggml.{line}\n", out)
        self.assertIn('metadata    tokenizer.chat_template = "{{ messages[0].content }}"\n', out)
        self.assertIn("tokenizer.ggml.merges", out)
        self.assertNotIn("tokenizer.huggingface.json", out)
        whole["pre_tokenizer"] = {"type": "Whitespace"}  # which llama.cpp does not have
        (source / "tokenizer.json").write_text(json.dumps(whole))
        code, out, _ = run(CONVERT, source, self.folder / "b.gguf")
        self.assertIn("the tokenizer is kept as a whole tokenizer.json, which llama.cpp does not read\n", out)
        code, out, _ = run(INSPECT, self.folder / "b.gguf")
        self.assertIn('metadata    tokenizer.ggml.model = "none"\n', out)
        self.assertIn("tokenizer.huggingface.json", out)
        (source / "tokenizer.json").write_text("{")
        code, out, _ = run(CONVERT, source, self.folder / "c.gguf")
        self.assertEqual(code, 0)
        self.assertIn("left out: the tokenizer: ", out)

    def test_vectors_and_norms_of_gguf_are_f32(self):
        half = self.convert(GOLDEN / "gpt2", "half.safetensors", "--type", "bf16")
        shutil.copy(GOLDEN / "gpt2" / "config.json", self.folder / "config.json")
        code, out, told = run(INSPECT, self.convert(half, "a.gguf"))
        self.assertEqual(code, 0, told)
        types = {line.split()[1]: line.split()[2] for line in out.splitlines() if line.startswith("tensor ")}
        for name, dtype in types.items():
            is_matrix = name.endswith(".weight") and "norm" not in name and name != "position_embd.weight"
            self.assertEqual(dtype, "BF16" if is_matrix else "F32", name)

    def test_rejects_what_llama_cpp_has_no_name_for(self):
        folder = self.copied("gpt2", model_type="helium")
        self.rejects("llama.cpp has no name for this model_type: expected one of gguf_families, found helium", folder,
                     self.folder / "a.gguf")
        (folder / "config.json").write_text(json.dumps({"model_type": "bloom", "n_head": 4, "hidden_size": 48}))
        self.rejects("llama.cpp has no name for this tensor: found bloom", folder, self.folder / "a.gguf")

    def test_rejects_with_a_sentence_and_writes_nothing(self):
        good = self.convert(GOLDEN / "gpt2", "good.safetensors")
        (self.folder / "empty").mkdir()
        (self.folder / "broken.gguf").write_bytes(b"GGUF\3\0\0\0" + b"\xff" * 16)
        (self.folder / "cut.safetensors").write_bytes(good.read_bytes()[:-4])
        self.rejects("expected a name that ends with", good, self.folder / "a.onnx")
        self.rejects("a.npz cannot hold it", good, self.folder / "a.npz", "--type", "bf16")
        self.rejects("cannot hold it", good, self.folder / "a.safetensors", "--type", "q4_0")
        self.rejects("--type", good, self.folder / "a.gguf", "--type", "q4_k")
        self.rejects("input", self.folder / "absent", self.folder / "a.gguf")
        self.rejects("holds no checkpoint", self.folder / "empty", self.folder / "a.gguf")
        self.rejects("more tensors or metadata than the file can hold", self.folder / "broken.gguf", good)
        self.rejects("truncated data", self.folder / "cut.safetensors", good)
        self.rejects("cannot be created", good, self.folder / "absent" / "a.gguf")
        self.rejects("is required", program=INSPECT)
        self.rejects("more tensors or metadata", self.folder / "broken.gguf", program=INSPECT)
        self.rejects("cannot be opened", "--diff", good, self.folder / "absent.gguf", program=INSPECT)

    def test_the_difference_names_each_tensor(self):
        source = shutil.copy(GOLDEN / "gpt2" / "model.safetensors", self.folder / "a.safetensors")
        data = bytearray(Path(source).read_bytes())
        data[-1] ^= 0x40
        (self.folder / "b.safetensors").write_bytes(data)
        code, out, _ = run(INSPECT, "--diff", source, self.folder / "b.safetensors")
        self.assertEqual((code, len(out.splitlines())), (1, 1), out)
        self.assertRegex(out, r"^tensor +\S+: 1 of \d+ numbers, by at most ")
        code, out, _ = run(INSPECT, "--diff", GOLDEN / "gpt2", GOLDEN / "llama")
        self.assertEqual(code, 1)
        self.assertIn(": only in the first", out)
        self.assertIn(": only in the second", out)

    def test_help(self):
        for program in (INSPECT, CONVERT):
            code, out, _ = run(program, "--help")
            self.assertEqual(code, 0)
            self.assertIn("Exit code: 0", out)


if __name__ == "__main__":
    INSPECT, CONVERT, GOLDEN = *sys.argv[1:3], Path(sys.argv[3])
    unittest.main(argv=sys.argv[:1], verbosity=1)
