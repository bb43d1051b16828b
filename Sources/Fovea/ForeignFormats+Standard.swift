import FoveaKeras
public import FoveaModel
import FoveaONNX

extension ForeignFormats {
  /// The formats of other programs' models that come with the toolkit. The next one is one more line.
  public static let standard = ForeignFormats([ONNXFormat(), KerasFormat()])
}
