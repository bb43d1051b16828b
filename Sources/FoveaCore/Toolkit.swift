import CFoveaPlugin

/// The toolkit itself.
public enum Toolkit {
  /// By the rules of semantic versioning. Model files and plugins name the version that they were made with.
  public static let version = FOVEA_TOOLKIT_VERSION
}
