// SPDX-License-Identifier: BSL-1.0
#pragma once
/// What needs files and an operating system: checkpoints, training, text.
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/typeformer.hpp>

#include <typeformer/hosted/data/causal_segments.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/data/feature_batches.hpp>
#include <typeformer/hosted/data/full_sentence_batches.hpp>
#include <typeformer/hosted/data/masked_batches.hpp>
#include <typeformer/hosted/data/packed_windows.hpp>
#include <typeformer/hosted/data/pair_batches.hpp>
#include <typeformer/hosted/data/sentence_pair_batches.hpp>
#include <typeformer/hosted/data/span_batches.hpp>
#include <typeformer/hosted/files/mapped_file.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/formats/npz_writer.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/hosted/weights/file_weights.hpp>
#include <typeformer/hosted/weights/gptq_weights.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/load_narrow.hpp>
#include <typeformer/hosted/weights/mapped_weights.hpp>
#include <typeformer/hosted/weights/rounding_errors.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/hosted/weights/save_gguf.hpp>
#include <typeformer/text.hpp>
