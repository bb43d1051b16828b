# Every chore of the house, one word each. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# How the program is built, and where. Other packages (plugins, samples, benchmarks) are built in the same folders, since what they have
# of the toolkit is compiled there; SwiftPM would take the plan of the one that was built last for the next one's.
BUILT := .build
FLAGS := -c release --disable-build-manifest-caching
PRODUCT := --product fovea
PROGRAM = $(BUILT)/release/fovea

# `make test` builds program, tests and samples together in a folder of its own, so that nothing is compiled twice, with
# warnings as errors (SwiftPM silences those of dependencies by itself). Tests run optimized: their reference kernels are plain
# loops over floats, a hundred times slower otherwise.
TESTED := BUILT=.build/tests FLAGS="$(FLAGS) -Xswiftc -enable-testing -Xswiftc -warnings-as-errors" PRODUCT=--build-tests

# For the scripts.
export FOVEA_PROGRAM = $(CURDIR)/$(PROGRAM)
export FOVEA_FLAGS = $(FLAGS)

.PHONY: help setup build test unit-tests run-tests kernels nested examples demo bench growth conformance conformance-onnx conformance-export many-machines lint format clean kills install uninstall installation fuzz conformance-projection conformance-keras pictures

# Where `make install` puts things; DESTDIR comes before, for those who make packages.
PREFIX ?= /usr/local
DESTDIR ?=

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: OpenCV, oneDNN, zlib, SQLite
	@Scripts/install-dependencies

build: setup ## Build the program, .build/release/fovea
	swift build $(FLAGS) --scratch-path $(BUILT) $(PRODUCT)

install: ## Install program, manual pages, completions and what plugins need under PREFIX (/usr/local)
	@[[ -x $(PROGRAM) ]] || $(MAKE) build
	@Scripts/install $(PROGRAM) "$(DESTDIR)$(PREFIX)"

uninstall: ## Remove what `make install` put under PREFIX
	@Scripts/install --remove "$(DESTDIR)$(PREFIX)"

test: ## All that CI runs: lint, build, nested packages, documentation's examples, tests
	@$(MAKE) $(TESTED) lint build kernels nested examples installation run-tests

unit-tests: ## The tests alone
	@$(MAKE) $(TESTED) build run-tests

run-tests:
	swift test --disable-xctest --skip-build $(FLAGS) --scratch-path $(BUILT)

kernels: ## Compare each set of kernels with the portable one; NEON under qemu-user, where that is installed
	@Scripts/test-kernels

nested: build ## Build, test and run the packages in Plugins/ and Samples/
	@Scripts/install-dependencies --with-samples
	@Scripts/run-nested-packages

examples: build ## Run the documentation's examples, and look at the pages that they write
	@Scripts/install-dependencies --with-datasets
	-@Scripts/install-dependencies --with-browser
	@Scripts/run-doc-examples

pictures: build ## Draw the pictures of the pages that show what their examples make
	@Scripts/draw-documentation

installation: build ## Install into a folder of its own, and try what is there
	@Scripts/test-installation $(PROGRAM)

demo: ## Train LeNet on Fashion-MNIST and look inside it
	@Scripts/install-dependencies --with-datasets
	swift build $(FLAGS) --product fovea
	@Scripts/demo

bench: build ## Compare with PyTorch, TensorFlow, ONNX Runtime and OpenCV (installs them into a throw-away environment)
	@Benchmarks/run

growth: build ## Measure how cost grows with batch, image size, number of images and threads
	@Benchmarks/grow

conformance: build ## Compare pictures of every kind, good and damaged, with Pillow (installs it into a throw-away environment)
	swift build $(FLAGS) --product DecodePictures
	@python3 Tests/Conformance/run.py

conformance-onnx: ## Run the tests that ONNX brings (installs it into a throw-away environment), and compare with the list of those that pass
	swift build $(FLAGS) --product RunONNXTests
	@python3 Tests/Conformance/onnx.py

conformance-export: build ## Compare exported models with ONNX Runtime and OpenCV, and networks of torchvision with PyTorch (installs them into a throw-away environment)
	@python3 Tests/Conformance/onnx-export.py
	@python3 Tests/Conformance/onnx-export.py --torch

conformance-projection: build ## Compare t-SNE and UMAP of MNIST's pictures (DATA=FOLDER) with scikit-learn, openTSNE and umap-learn (in a throw-away environment)
	@python3 Tests/Conformance/projection.py "$(DATA)"

conformance-keras: ## Compare models of Keras, in all its formats, with what TensorFlow computes (installs it into a throw-away environment), and damage some
	swift build $(FLAGS) --product RunKerasTests
	@python3 Tests/Conformance/keras.py
	@python3 Tests/Conformance/keras.py --mutations 5000

many-machines: build ## Classify by GNU parallel, Slurm's array jobs, Spark and Ray, with processes killed, and compare the rows
	@Scripts/install-dependencies --with-engines
	@PATH="$(CURDIR)/.build/release:$$PATH" Samples/ManyMachines/run

kills: build ## Kill trainings and runs of 'fovea classify' at random moments, go on with them, and compare with unbroken ones
	@Scripts/test-kills
	@Scripts/kill-classify

fuzz: setup ## Feed damaged bytes to all that reads files: SECONDS=600 for each target, 60 if left out
	@Scripts/fuzz "$(or $(SECONDS),60)"

lint: ## Check format, imports, forbidden calls and file lengths
	@Scripts/lint

format: ## Rewrite the sources in the house's format
	@Scripts/lint --format

clean: ## Remove everything that was built
	rm -rf .build Output
