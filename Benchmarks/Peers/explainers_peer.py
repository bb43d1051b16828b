"""Measures what explains decisions of PyTorch's networks: pytorch-grad-cam's Grad-CAM in batches and of a folder, Captum's occlusion, and RISE, which
neither has, in a few lines of PyTorch as its paper says it. Its masks are drawn once, as its authors do, and not timed."""

from measure import THREADS, main, rate


def rise(model, inputs, masks=256, cells=7, batch=16):
    """A step for `rate`: the mean of the masks, each weighted by the score of what it lets through."""
    import torch

    side = inputs.shape[-1]
    cell = -(-side // cells)
    grids = (torch.rand(masks, 1, cells + 1, cells + 1) < 0.5).float()
    large = torch.nn.functional.interpolate(grids, size=((cells + 1) * cell,) * 2, mode="bilinear", align_corners=False)
    shifts = torch.randint(0, cell, (masks, 2)).tolist()
    drawn = torch.stack([mask[:, top:top + side, left:left + side] for mask, (top, left) in zip(large, shifts)])

    def step(index):
        with torch.no_grad():
            image = inputs[index % 16:index % 16 + 1]
            scores = [torch.softmax(model(image * drawn[first:first + batch]), 1)[:, index % 1000] for first in range(0, masks, batch)]
            return torch.cat(scores) @ drawn.flatten(1) / masks

    return step


def photographs(model, folder):
    """Photographs a second: the heat of the class that is decided for, drawn over what the network sees of each and saved, as the
    README of pytorch-grad-cam does it."""
    import tempfile
    import time
    from pathlib import Path

    import numpy
    import pytorch_grad_cam
    import torch
    from PIL import Image
    from pytorch_grad_cam.utils.image import show_cam_on_image
    from torchvision import transforms

    seen = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
    prepared = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    files = sorted(Path(folder).iterdir())[:1000]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as target, pytorch_grad_cam.GradCAM(model=model, target_layers=[model.layer4[-1]]) as cam:
        for first in range(0, len(files), 16):
            part = files[first:first + 16]
            pictures = [seen(Image.open(file).convert("RGB")) for file in part]
            maps = cam(input_tensor=torch.stack([prepared(picture) for picture in pictures]), targets=None)
            for file, picture, heat in zip(part, pictures, maps):
                drawn = show_cam_on_image(numpy.asarray(picture, dtype=numpy.float32) / 255, heat, use_rgb=True)
                Image.fromarray(drawn).save(Path(target) / f"{file.name}.png")
    return len(files) / (time.perf_counter() - start)


def run(work, variant, options):
    import torch
    from torchvision.models import resnet18

    torch.set_num_threads(THREADS)
    torch.manual_seed(1998)
    model = resnet18(weights=None).eval()
    inputs = torch.rand(16, 3, 224, 224)
    if work == "explain-gradcam":
        import pytorch_grad_cam
        from importlib.metadata import version
        from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

        cam = pytorch_grad_cam.GradCAM(model=model, target_layers=[model.layer4[-1]])
        targets = [ClassifierOutputTarget(number) for number in range(len(inputs))]
        value = rate(lambda index: cam(input_tensor=inputs, targets=targets), len(inputs), options.seconds)
        return value, "images/s", version("grad-cam")
    if work == "explain-photographs":
        from importlib.metadata import version

        return photographs(model, options.images), "images/s", version("grad-cam")
    if work == "explain-rise":
        return rate(rise(model, inputs), 1, options.seconds), "images/s", torch.__version__
    import captum
    from captum.attr import Occlusion

    occlusion = Occlusion(model)

    def step(index):
        with torch.no_grad():
            occlusion.attribute(
                inputs[index % 16:index % 16 + 1], sliding_window_shapes=(3, 32, 32), strides=(3, 16, 16), target=index % 1000,
                perturbations_per_eval=16)

    return rate(step, 1, options.seconds), "images/s", captum.__version__


if __name__ == "__main__":
    main("explainers", ["default"], run)
