public import FoveaCore

/// A picture of a ``DataSurvey``, and what was measured of it.
public struct ExaminedPicture: Sendable {
  /// The number of its part.
  public let part: Int
  /// Its number in the part's data set.
  public let example: Int
  /// A number in ``DataSurvey/labels``.
  public let label: Int?
  /// As it is displayed, in pixels; nil where it cannot be read.
  public internal(set) var size: ImageSize?
  /// Of the file, or of the picture where it has no file of its own.
  public internal(set) var byteCount = 0
  /// The CRC-32 of these bytes.
  public internal(set) var checksum: UInt32 = 0
  /// How its file stores colors; nil where that is not known, or is as in all files of its format.
  public internal(set) var color: StoredColor?
  /// What is odd about its file, which was read nevertheless.
  public internal(set) var warnings: [String] = []
  /// Why it cannot be read.
  public internal(set) var failure: String?
  public internal(set) var measures: PictureMeasures?
  /// What a model takes it for.
  public internal(set) var opinion: LabelOpinion?
}
