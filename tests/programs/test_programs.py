#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""test_programs.py GPT BERT SCAN STORY: runs typeformer-demo and the other programs in folders of their own."""
import csv
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TEXT = "one line of text that goes on and on, as a river does. " * 40
COMMANDS = "".join(f"IN: run {word} OUT: I_RUN\n" for word in ("left", "right", "twice", "thrice") for _ in range(6))


class Programs(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        for name, text in {"text": TEXT, "empty": "", "other": TEXT.replace("river", "brook"),
                           "short": "x", "commands": COMMANDS}.items():
            (self.folder / name).write_text(text)

    def run_program(self, program, *arguments, send=None, at="\0", after=0):
        """(exit code, stdout, stderr); `send` is a signal, so many seconds after the first line of stderr that holds `at`."""
        process = subprocess.Popen([program, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, errors="replace")
        told = ""
        for line in process.stderr:
            told += line
            if send and at in line:
                time.sleep(after)
                process.send_signal(send)
                send = None
        out = process.stdout.read()
        process.stdout.close()
        process.stderr.close()
        return process.wait(), out, told

    def gpt(self, *arguments, **how):
        return self.run_program(GPT, *arguments, **how)

    def rejects(self, program, *arguments, sentence):
        before = sorted(self.folder.rglob("*"))
        code, out, told = self.run_program(program, *arguments)
        self.assertNotIn(code, (0, 130), arguments)
        self.assertIn(sentence, told, arguments)
        self.assertNotIn("loss", told, arguments)
        self.assertEqual(sorted(self.folder.rglob("*")), before, arguments)

    def test_numbers_are_read_before_anything_else(self):
        for program, more in (GPT, ()), (BERT, ()), (STORY, (".",)), (SCAN, ("--train", "commands", "--test", "commands")):
            for option, values in {"--seed": ("-1", "1.5", "18446744073709551616", "x"),
                                   "--steps": ("0", "-3", "99999999999999999999", "2.5", "1e3")}.items():
                for value in values:
                    self.rejects(program, *more, option, value, sentence=f"{option}: expected a whole number from ")
        for value in ("0", "-1", "nan", "inf", "1e999"):
            self.rejects(SCAN, "--train", "commands", "--test", "commands", "--learning-rate", value,
                         sentence="--learning-rate: expected a number above 0")

    def test_texts_that_cannot_be_used_are_rejected_before_training(self):
        for program in GPT, BERT:
            self.rejects(program, "--text", "empty", "--out", "out", sentence="empty: the file is empty")
            self.rejects(program, "--text", "nowhere", "--out", "out", sentence="nowhere: cannot be opened")
            self.rejects(program, "--text", "short", "--out", "out", sentence="short: ")
            self.rejects(program, "--quick", "--out", "text", sentence="text")
            self.rejects(program, "--quick", "--out", "/proc/typeformer", sentence="/proc/typeformer: cannot be created")
        self.rejects(SCAN, "--train", "empty", "--test", "commands", sentence="the file is empty")
        self.rejects(SCAN, "--train", "commands", "--test", "text", sentence="expected IN: words OUT: words")
        self.rejects(SCAN, sentence="--train with --test, or --split: expected one of them, found none")
        self.rejects(SCAN, "--train", "commands", sentence="--train requires --test")
        self.rejects(SCAN, "--split", "length", "--train", "commands", "--test", "commands", sentence="--train excludes --split")
        self.rejects(SCAN, "--split", "turn", sentence="--split")

    def test_what_would_be_written_from_is_checked_before_training(self):
        text = ("--text", "text", "--out", "out")
        self.rejects(GPT, *text, "--prompt", "ZEBRA", sentence='--prompt: the character "Z" at byte 0 is not in the vocabulary')
        self.rejects(GPT, *text, "--prompt", "", sentence="--prompt: expected a text, found nothing")
        self.rejects(GPT, *text, "--temperature", "nan", sentence="temperature must be")
        self.rejects(GPT, *text, "--top-p", "0", sentence="top-p must")
        self.rejects(GPT, "--prompt", "the", "--out", "out", sentence="--prompt requires --text")
        self.rejects(BERT, "--temperature", "1", "--out", "out", sentence="--temperature")

    def test_a_text_without_a_new_line_is_gone_on_from_its_beginning(self):
        code, out, told = self.gpt("--text", "text", "--out", "out", "--steps", "1")
        self.assertEqual(code, 0, told)
        self.assertIn("It writes (temperature 0.8):\no", out)

    def test_results_are_overwritten_by_nobody_and_gone_on_from(self):
        text = ("--text", "text", "--out", "out", "--steps", "6")
        self.rejects(GPT, *text, "--resume", sentence="out holds no results to go on from")
        code, out, told = self.gpt(*text, send=signal.SIGINT, at="step 3/6")
        self.assertEqual((code, out), (130, ""), told)
        self.assertIn("interrupted: the same command with --resume goes on", told)
        rows = (self.folder / "out/metrics.csv").read_text()
        self.rejects(GPT, *text, sentence="out holds checkpoint.safetensors of an earlier run: --resume goes on")
        self.assertEqual((self.folder / "out/metrics.csv").read_text(), rows)
        self.rejects(GPT, *text, "--resume", "--seed", "2", sentence="had other data")
        self.rejects(GPT, "--text", "other", "--out", "out", "--steps", "6", "--resume", sentence="is not of this text")
        self.rejects(BERT, "--quick", "--out", "out", "--resume", sentence="vocab.txt is not of this text")

        code, out, told = self.gpt(*text, "--resume")
        self.assertEqual(code, 0, told)
        self.assertIn("Goes on after step ", told)
        self.assertNotIn("step 1/6", told)
        with open(self.folder / "out/metrics.csv", newline="") as file:
            steps = [int(row["step"]) for row in csv.DictReader(file) if row["training_loss"]]
        self.assertEqual(steps, [1, 2, 3, 4, 5, 6])
        again = self.gpt("--text", "text", "--out", "whole", "--steps", "6")
        self.assertEqual(again[:2], (0, out))
        for name in ("model.safetensors", "checkpoint.safetensors"):
            self.assertEqual((self.folder / "out" / name).read_bytes(), (self.folder / "whole" / name).read_bytes(), name)

    def test_a_run_that_is_ended_in_its_last_step_is_evaluated_and_interrupted(self):
        for attempt in range(8):  # until the signal comes while the last step is computed
            text = ("--text", "text", "--out", f"out-{attempt}", "--steps", "8")  # evaluated after every other step
            code, written, told = self.gpt(*text, send=signal.SIGTERM, at="step 7/8", after=0.02 * attempt)
            if code == 130 and "step 8/8" in told:
                break
        self.assertEqual((code, written), (130, ""), told)
        self.assertIn("step 8  validation loss", told)
        self.assertIn("interrupted", told)
        code, written, told = self.gpt(*text, "--resume")
        self.assertEqual(code, 0, told)
        self.assertIn("It writes", written)

    def test_an_encoder_goes_on_too(self):
        bert = ("--quick", "--out", "out", "--steps", "8")
        code, written, told = self.run_program(BERT, *bert, send=signal.SIGTERM, at="step 1/8")
        self.assertEqual((code, written), (130, ""), told)
        self.rejects(BERT, *bert, sentence="of an earlier run: --resume goes on")
        code, written, told = self.run_program(BERT, *bert, "--resume")
        self.assertEqual(code, 0, told)
        self.assertIn("masked tokens   right: ", written)


if __name__ == "__main__":
    GPT, BERT, SCAN, STORY = (str(Path(path).resolve()) for path in sys.argv[1:5])
    unittest.main(argv=sys.argv[:1])
