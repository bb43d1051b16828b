public import FoveaImage

extension RandomAffine {
  /// Distortions of handwritten characters: planar affine maps of translation, scaling, squeezing (one axis shrinks as
  /// the other grows) and horizontal shearing.
  ///
  /// Source: LeCun, Bottou, Bengio, Haffner 1998, section III-B. Deviates: the paper gives no ranges; these are ours.
  public static var handwriting: RandomAffine {
    var distortion = RandomAffine()
    distortion.translationX = .symmetric(0.06)
    distortion.translationY = .symmetric(0.06)
    distortion.scaling = ParameterRange(0.9, 1.1)
    distortion.squeezing = ParameterRange(0.9, 1.1)
    distortion.shearing = .symmetric(0.2)
    return distortion
  }
}
