import Foundation
import FoveaCore
import FoveaImage
import Glibc

extension PreparedFile {
  /// The file for the first picture of each example of a source behind the first part of its steps; nil
  /// where pictures have no files of their own.
  ///
  /// - Throws: ``DataError/unwritable(path:reason:)``
  convenience init?(
    in folder: String, for dataset: Dataset, _ parts: PreparationSteps, itemByteCount: Int, limit: Int
  ) throws(DataError) {
    let all = Dataset(dataset.source)
    let pictures = all.keeping(pictures: dataset.pictureNames.compactMap { all.pictureNames.firstIndex(of: $0) })
    var place = Fingerprint()
    place.add("\(Toolkit.version) \(dataset.pictureNames[0]) \(itemByteCount)")
    // A picture that the decoder scales down is another than one that only the steps do.
    place.add("\(parts.decoder.colorModel) \(parts.decoder.sufficientSize?.description ?? "all")")
    place.add(
      realpath(dataset.name, nil).map { path in
        defer { free(path) }
        return String(cString: path)
      } ?? dataset.name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for step in parts.shaping {
      guard let settings = try? encoder.encode(step) else { return nil }
      place.add(type(of: step).kind)
      place.add(String(decoding: settings, as: UTF8.self))
    }
    var state = place
    for example in 0..<pictures.count {
      var status = stat()
      guard let file = pictures.file(at: example) else { return nil }
      // What cannot be looked at is told when it is to be read.
      _ = file.withCString { stat($0, &status) }
      state.add(
        "\(pictures.localName(of: example)) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
    }
    try self.init(
      in: folder, name: String(place.value, radix: 16), key: state.value, count: pictures.count,
      itemByteCount: itemByteCount, limit: limit)
  }
}
