"""Measures PyTorch: eager as a user writes it, with the fused Adam, with channels last as well, and compiled.

Files are read by Pillow, and as the variant `torchvision` by torchvision's own decoder.
"""

from measure import (
    NETWORKS, ROWS, SIDE, THREADS, Unsupported, cold_start, jpegs, latency, main, passes, peak_memory, pictures, predict_again, rate,
    rate_of_batches, rate_of_files,
)  # fmt: skip

VARIANTS = ["eager", "fused", "channels-last", "compiled", "torchvision"]


def predict(options):
    """One prediction from a saved model and an image file, importing nothing that it does not need."""
    import numpy
    import torch
    from PIL import Image

    from pytorch_networks import build

    torch.set_num_threads(THREADS)
    model, _ = build("lenet")
    model.load_state_dict(torch.load(f"{options.assets}/lenet.pt", weights_only=True))
    model.eval()
    image = numpy.asarray(Image.open(f"{options.assets}/digit.png"), dtype=numpy.float32) / 255
    with torch.inference_mode():
        output = torch.softmax(model(torch.from_numpy(image)[None, None]), dim=1)
    print(int(output.argmax()), float(output.max()), flush=True)


class Bench:
    def __init__(self, network, variant, batch=None):
        import numpy
        import torch

        from pytorch_networks import build

        torch.set_num_threads(THREADS)
        self.torch, self.numpy, self.network, self.variant = torch, numpy, network, variant
        self.model, self.loss = build(network)
        if variant == "channels-last":
            self.model = self.model.to(memory_format=torch.channels_last)
        self.batch = batch or NETWORKS[network][2]

    def tensor(self, values):
        tensor = self.torch.from_numpy(values)
        return tensor.contiguous(memory_format=self.torch.channels_last) if self.variant == "channels-last" else tensor

    def data(self, batch=None):
        images, targets = pictures(self.numpy, self.network, batch=batch or self.batch)
        return [self.tensor(each) for each in images], [self.torch.from_numpy(each) for each in targets]

    def trainer(self, optimizer):
        def loss(images, targets):
            return self.loss(self.model(images), targets)

        if self.variant == "compiled":
            loss = self.torch.compile(loss)

        def step(images, targets):
            optimizer.zero_grad()
            loss(images, targets).backward()
            optimizer.step()

        return step

    def adam(self):
        return self.torch.optim.Adam(self.model.parameters(), fused=True if self.variant != "eager" else None)

    def training(self, seconds, optimizer=None, batch=None):
        images, targets = self.data(batch)
        step = self.trainer(optimizer or self.adam())
        count = len(images)
        return rate(lambda index: step(images[index % count], targets[index % count]), batch or self.batch, seconds)

    def predictor(self):
        self.model.eval()
        return self.torch.compile(self.model) if self.variant == "compiled" else self.model

    def inference(self, seconds):
        images, _ = self.data()
        model = self.predictor()
        with self.torch.inference_mode():
            return rate(lambda index: model(images[index % len(images)]), self.batch, seconds)

    def one_image(self, seconds):
        images, _ = self.data(batch=1)
        model = self.predictor()
        with self.torch.inference_mode():
            return latency(lambda: model(images[0]), seconds)

    def memory(self, seconds):
        """Trains on 60,000 images held as bytes, the way torchvision holds them, and turns each batch into floats."""
        images = self.numpy.random.default_rng(1).integers(0, 256, (60_000, 28, 28), dtype=self.numpy.uint8)
        targets = self.numpy.random.default_rng(2).integers(0, 10, 60_000)
        images, targets = self.torch.from_numpy(images), self.torch.from_numpy(targets)
        step = self.trainer(self.adam())

        def batch(index):
            chosen = slice(index * 128 % 59_904, index * 128 % 59_904 + 128)
            step(images[chosen, None].float() / 255, targets[chosen])

        rate(batch, 128, seconds)
        return peak_memory()

    def folder(self, options, reduced=False):
        paths = jpegs(options.images)
        files = Decoded(paths) if self.variant == "torchvision" else Photographs(paths, reduced)
        loader = self.torch.utils.data.DataLoader(files, batch_size=32, num_workers=2)
        model = self.predictor()

        def run():
            with self.torch.inference_mode():
                results = [float(value) for batch in loader for value in self.torch.sigmoid(model(batch))]
            if len(results) != len(paths):
                raise RuntimeError(f"{len(results)} results for {len(paths)} images")

        return passes(run, len(paths), options.seconds)

    def reduced(self, options):
        return self.folder(options, reduced=True)

    def photographs(self, options, trains=True):
        """Trains from the files, distorted anew in each pass, with the loader's two processes ahead of the step."""
        data = self.torch.utils.data
        chosen = data.RandomSampler(range(len(jpegs(options.images))), replacement=True, num_samples=1 << 30)
        loader = data.DataLoader(
            Distorted(jpegs(options.images)), self.batch, sampler=chosen, num_workers=2, persistent_workers=True)
        step = self.trainer(self.adam()) if trains else lambda *batch: None
        return rate_of_batches(loader, lambda batch: step(*batch), self.batch, options.seconds)

    def loaded(self, options):
        return self.photographs(options, trains=False)

    def decoded(self, options, reduced=False):
        """Pillow's or torchvision's pixels, by two threads, which leave Python's lock while they decode."""
        from PIL import Image

        if self.variant == "torchvision":
            read = Decoded([]).read
            return rate_of_files(lambda path: read(path).shape, jpegs(options.images), options.seconds)

        def size(path):
            with Image.open(path) as image:
                if reduced:
                    image.draft("RGB", (SIDE, SIDE))
                return image.convert("RGB").size

        return rate_of_files(size, jpegs(options.images), options.seconds)


    def decoded_reduced(self, options):
        return self.decoded(options, reduced=True)


class Photographs:
    """A dataset: JPEG to 3×64×64, decoded in full, or first shrunk by libjpeg."""

    def __init__(self, paths, reduced=False):
        self.paths, self.reduced = paths, reduced

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        import numpy
        import torch
        from PIL import Image

        with Image.open(self.paths[index]) as image:
            if self.reduced:
                image.draft("RGB", (SIDE, SIDE))
            small = image.convert("RGB").resize((64, 64), Image.Resampling.BILINEAR)
        return torch.from_numpy(numpy.array(small)).permute(2, 0, 1).float() / 255


class Decoded(Photographs):
    """The same by torchvision's decoder, libjpeg-turbo in its wheel, and its resizing with antialiasing."""

    def __init__(self, paths):
        super().__init__(paths)
        try:
            from torchvision import io
            from torchvision.transforms.v2 import functional
        except (ImportError, RuntimeError) as error:
            raise Unsupported(f"torchvision is not installed: {error}") from error
        self.io, self.functional = io, functional

    def read(self, path):
        return self.io.decode_jpeg(self.io.read_file(path), mode=self.io.ImageReadMode.RGB)

    def __getitem__(self, index):
        return self.functional.resize(self.read(self.paths[index]), [SIDE, SIDE], antialias=True).float() / 255


class Distorted(Photographs):
    """The same with the tutorial's distortions: shear 0.2, zoom 0.2, horizontal flip, by one warp of the small picture."""

    def __getitem__(self, index):
        import random

        import numpy
        import torch
        from PIL import Image

        with Image.open(self.paths[index]) as image:
            small = image.convert("RGB").resize((64, 64), Image.Resampling.BILINEAR)
        shear, (across, down) = random.uniform(-0.2, 0.2), (random.uniform(0.8, 1.2) for _ in range(2))
        flip = random.choice((-1, 1))
        x, y = flip / across, shear
        map = (x, y, 32 - 32 * x - 32 * y, 0, 1 / down, 32 - 32 / down)
        small = small.transform((64, 64), Image.Transform.AFFINE, map, Image.Resampling.BILINEAR)
        return torch.from_numpy(numpy.array(small)).permute(2, 0, 1).float() / 255, index % 2


def run(work, variant, options):
    if options.predict:
        return predict(options)
    files = {
        "folder-jpeg": "folder", "photographs-training": "photographs", "photographs-loading": "loaded",
        "photographs-decoding": "decoded", "folder-jpeg-reduced": "reduced", "photographs-decoding-reduced": "decoded_reduced",
    }  # fmt: skip
    if work in ROWS:
        raise Unsupported("what rows cost is measured with Fovea alone")
    if (variant == "torchvision") and work not in ("folder-jpeg", "photographs-decoding"):
        raise Unsupported("torchvision is measured where files are decoded in full")
    if variant != "torchvision" and work in ("cold-start", "memory-lenet-training", *files) and variant != "eager":
        raise Unsupported("measured eager alone: compiling takes longer than the work, the layout changes nothing")
    if work == "cold-start":
        value = cold_start(predict_again(), options.seconds)
        from importlib.metadata import version

        return value, "s", version("torch")
    if variant == "fused" and not work.endswith("training"):
        raise Unsupported("differs from eager in Adam alone")
    network, mode = ("cats-and-dogs", files[work]) if work in files else work.rsplit("-", 1)
    bench = Bench("lenet" if work == "memory-lenet-training" else network, variant, options.batch_size)
    version = bench.torch.__version__
    if work == "memory-lenet-training":
        return bench.memory(options.seconds), "MB", version
    if work in files:
        return getattr(bench, mode)(options), "images/s", version
    if mode == "latency":
        return bench.one_image(options.seconds), "µs", version
    if mode == "online":
        descent = bench.torch.optim.SGD(bench.model.parameters(), lr=0.0005)
        return bench.training(options.seconds, descent, batch=1), "images/s", version
    return getattr(bench, mode)(options.seconds), "images/s", version


if __name__ == "__main__":
    main("pytorch", VARIANTS, run)
