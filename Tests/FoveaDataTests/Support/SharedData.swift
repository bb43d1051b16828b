import Foundation

/// Real data sets, which a test uses where they are and does without where they are not.
enum SharedData {
  static let mnist = find("mnist")
  static let catsAndDogs = find("cats-dogs")
  static let fashion: String? = {
    let path = "/usr/share/datasets/fashion-mnist"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// `shared/data` beside the package or further up, or where FOVEA_SHARED_DATA says.
  private static func find(_ name: String) -> String? {
    var candidates: [String] = []
    if let folder = ProcessInfo.processInfo.environment["FOVEA_SHARED_DATA"] { candidates.append(folder) }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      candidates.append(folder.appendingPathComponent("shared/data").path)
    }
    return candidates.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
  }
}
