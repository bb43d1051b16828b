public import FoveaCore

/// The augmentations of single pictures that come with the toolkit, in one visible list.
public enum BuiltinAugmentations: BuiltinKinds {
  public static var sort: Sort<any Augmentation.Type> { .augmentations }
  public static let all: [any Augmentation.Type] = [
    HorizontalFlip.self, VerticalFlip.self, Rotation.self, Shear.self, Zoom.self, Shift.self, Perspective.self,
    RandomAffine.self, RandomCrop.self, RandomResizedCrop.self, Shrink.self,
    Brightness.self, Contrast.self, Saturation.self, Hue.self, Gamma.self, Posterize.self, Solarize.self,
    AutoContrast.self, Equalize.self,
    Sharpness.self, Blur.self, Noise.self, JPEGArtifacts.self, RandomErasing.self,
    RandAugment.self, TrivialAugment.self,
  ]
}
