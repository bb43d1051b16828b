import FoveaCore

/// What acts in training only: nothing in use.
enum KerasRegularization {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Dropout") { conversion, node in
      let rate = try node.settings.number("rate", "p", default: 0.5)
      let input = try node.input()
      guard rate > 0, rate < 1, node.settings["noise_shape"] == nil else { return input }
      return try conversion.elementwise("dropout", input, ["rate": .number(rate)])
    },
    KerasLayerRule(
      "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise",
      "ActivityRegularization", "Identity", "InputLayer",
      // Augmentation.
      "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
      "RandomHeight", "RandomWidth", "RandomHue", "RandomSaturation", "RandomSharpness", "RandomGrayscale",
      "RandomPosterization", "RandomColorJitter", "RandomColorDegeneration", "RandomShear", "RandomPerspective",
      "RandomInvert", "RandomGaussianBlur", "RandomErasing", "RandomElasticTransform", "RandAugment", "AugMix",
      "CutMix", "MixUp"
    ) { _, node in try node.input() },
  ]
}
