#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_beam_searches.py OUTPUT.json

Beam searches by Hugging Face's transformers over a model that is a table: the logits after tokens a, b, of which b is at
position t, are last[b] + before[a] + t · drift. (Without the drift the same steps in another order would be as probable,
and rounding would decide.) Run with transformers 4.34 it judges `prompt_and_generated_without_end`, with 4.44 `generated_with_end`.
Adds its searches to OUTPUT.json under the version's name. Needs torch."""
import itertools
import json
import random
import sys
from pathlib import Path

import torch
import transformers
from transformers import GenerationConfig, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

TOKENS, PROMPTS, MOST = 9, [[3], [5, 1, 4], [2, 2, 7, 0, 6]], 11
numbers = random.Random(2037)  # where the rules to stop find different texts
LAST, BEFORE = ([[numbers.randint(-scale, scale) / 64 for _ in range(TOKENS)] for _ in range(TOKENS)]
                for scale in (160, 64))
DRIFT = [numbers.randint(-16, 16) / 256 for _ in range(TOKENS)]
for row in LAST:
    row[8] += 1.5  # an end token that often comes early


class Config(PretrainedConfig):
    model_type = "table"

    def __init__(self, **kwargs):
        super().__init__(vocab_size=TOKENS, hidden_size=1, num_attention_heads=1, num_hidden_layers=1, **kwargs)


class Table(PreTrainedModel):
    config_class = Config
    main_input_name = "input_ids"

    def __init__(self):
        super().__init__(Config())
        self.unused = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))

    def prepare_inputs_for_generation(self, input_ids, **_):
        return {"input_ids": input_ids}

    def forward(self, input_ids, **_):
        logits = torch.tensor(LAST, dtype=torch.float64)[input_ids]
        logits[:, 1:] += torch.tensor(BEFORE, dtype=torch.float64)[input_ids[:, :-1]]
        logits += torch.arange(input_ids.shape[1])[:, None] * torch.tensor(DRIFT, dtype=torch.float64)
        return CausalLMOutput(logits=logits)


def searches():
    model = Table().eval()
    early = {False: "when_better_is_unlikely", True: "when_enough_ended", "never": "when_better_is_impossible"}
    for beams, ends, penalty, stops in itertools.product((2, 4), ([], [8], [8, 0]), (-1.0, 0.0, 1.0, 2.5), early):
        if not ends and stops is not False:
            continue  # nothing ends early
        for number, prompt in enumerate(PROMPTS):
            config = GenerationConfig(
                num_beams=beams, num_return_sequences=beams, max_new_tokens=MOST, length_penalty=penalty,
                early_stopping=stops, eos_token_id=ends or None, pad_token_id=TOKENS, do_sample=False, use_cache=False,
                return_dict_in_generate=True, output_scores=True)
            with torch.no_grad():
                found = model.generate(torch.tensor([prompt]), generation_config=config)
            texts = [[int(id) for id in row[len(prompt):] if id != TOKENS] for row in found.sequences]
            if len(ends) > 1:  # whatever ended a text, the first end token is written
                texts = [text[:-1] if text[-1] == ends[0] else text for text in texts]
            yield {"beams": beams, "ends": ends, "penalty": penalty, "stops": early[stops], "prompt": number,
                   "texts": ["".join(map(str, text)) for text in texts],
                   "scores": [round(float(score), 9) for score in found.sequences_scores]}


def main():
    output = Path(sys.argv[1])
    version = ".".join(transformers.__version__.split(".")[:2])
    kept = json.loads(output.read_text()) if output.exists() else {}
    kept |= {"origin": "make_beam_searches.py", "last": LAST, "before": BEFORE, "drift": DRIFT, "prompts": PROMPTS, "most": MOST,
             version: list(searches())}
    rows = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in value) + "]"
                      if isinstance(value, list) else f'"{name}": {json.dumps(value)}' for name, value in kept.items())
    output.write_text("{\n" + rows + "\n}\n")


main()
