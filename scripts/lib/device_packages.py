# SPDX-License-Identifier: BSL-1.0
"""Descriptions of the folder of scripts/amalgamate for the tools that build firmware."""
import json
import re

SENTENCE = "Transformers as C++20 types: shapes, parameters, flash, RAM and stack are known when they are compiled."
FLAGS = ["-std=gnu++20", "-fno-exceptions", "-fno-rtti"]


def version_of(config):
    """From the text of foundation/config.hpp."""
    return ".".join(re.search(rf"define TYPEFORMER_VERSION_{part} (\d+)", config)[1] for part in ("MAJOR", "MINOR", "PATCH"))


def cmake(version, headers):
    return f"""# SPDX-License-Identifier: BSL-1.0
# A component of ESP-IDF, or a library for any other project with CMake.
if(ESP_PLATFORM)
  idf_component_register(INCLUDE_DIRS {headers})
  target_compile_features(${{COMPONENT_LIB}} INTERFACE cxx_std_20)
  return()
endif()
cmake_minimum_required(VERSION 3.20)
project(typeformer VERSION {version} LANGUAGES CXX)
add_library(typeformer INTERFACE)
add_library(typeformer::typeformer ALIAS typeformer)
target_include_directories(typeformer INTERFACE ${{CMAKE_CURRENT_SOURCE_DIR}}/{headers})
target_compile_features(typeformer INTERFACE cxx_std_20)
"""


def esp_idf(version):
    return f'version: "{version}"\ndescription: "{SENTENCE}"\nlicense: BSL-1.0\ndependencies:\n  idf: ">=5.1"\n'


def zephyr(headers):
    return {
        "zephyr/module.yml": "name: typeformer\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n",
        "zephyr/CMakeLists.txt": f"""# SPDX-License-Identifier: BSL-1.0
if(CONFIG_TYPEFORMER)
  zephyr_include_directories(../{headers})
endif()
""",
        "zephyr/Kconfig": f"""# SPDX-License-Identifier: BSL-1.0
config TYPEFORMER
\tbool "typeformer"
\tdepends on CPP && STD_CPP20
\tselect REQUIRES_FULL_LIBCPP
\thelp
\t  {SENTENCE}
""",
    }


def platformio(version, headers):
    return json.dumps({"name": "typeformer", "version": version, "description": SENTENCE, "license": "BSL-1.0",
                       "keywords": ["transformer", "neural network", "inference"], "headers": "typeformer/types.hpp",
                       "frameworks": "*", "platforms": "*",
                       "build": {"flags": FLAGS, "unflags": ["-std=gnu++11", "-std=gnu++14", "-std=gnu++17"],
                                 "includeDir": headers, "srcDir": headers, "srcFilter": "-<*>"}}, indent=2) + "\n"


def arduino(version, url):
    return (f"name=typeformer\nversion={version}\nauthor=The authors of typeformer\nmaintainer=The authors of typeformer\n"
            f"sentence={SENTENCE}\nparagraph=Weights lie in flash, nothing is allocated. Needs C++20: add -std=gnu++20.\n"
            f"category=Data Processing\nurl={url}\narchitectures=*\nincludes=typeformer/types.hpp\n")


def cmsis(version, headers, url, date):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package schemaVersion="1.7.28" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="PACK.xsd">
  <vendor>typeformer</vendor>
  <name>typeformer</name>
  <description>{SENTENCE}</description>
  <url>{url}</url>
  <license>LICENSE</license>
  <releases>
    <release version="{version}" date="{date}">See the changelog.</release>
  </releases>
  <components>
    <component Cclass="Machine Learning" Cgroup="typeformer" Cversion="{version}">
      <description>{SENTENCE}</description>
      <files>
        <file category="include" name="{headers}/"/>
        <file category="doc" name="typeformer.txt"/>
      </files>
    </component>
  </components>
</package>
"""


def descriptions(config, headers, url, date):
    """Names and texts of all files, for headers in the folder `headers`. Arduino and CMSIS-Pack ask for the address of a
    project."""
    version = version_of(config)
    files = {"CMakeLists.txt": cmake(version, headers), "idf_component.yml": esp_idf(version),
             "library.json": platformio(version, headers), **zephyr(headers)}
    if url:
        files |= {"library.properties": arduino(version, url),
                  "typeformer.typeformer.pdsc": cmsis(version, headers, url, date)}
    return files
