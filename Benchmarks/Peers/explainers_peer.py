"""Measures what explains decisions of PyTorch's networks: pytorch-grad-cam's Grad-CAM in batches, and Captum's occlusion."""

from measure import THREADS, main, rate


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
