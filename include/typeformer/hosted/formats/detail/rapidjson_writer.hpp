// SPDX-License-Identifier: BSL-1.0
#pragma once
// After the reader, which includes the parts of both.
#include <typeformer/hosted/formats/detail/rapidjson.hpp>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
