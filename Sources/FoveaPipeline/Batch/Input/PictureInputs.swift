public import FoveaCore
import FoveaImage

/// What is to be classified: paths of pictures, of folders with pictures below them, and of files that hold several.
///
/// - **Folders** are walked by name, as deep as they are; links that lead around in circles end. Of what lies in them, files
///   with a picture's extension are taken.
/// - **Archives** (`.tar`, `.tar.gz`, `.tgz`, `.zip`) are read member by member; a row is called `archive.tar/member`. In
///   folders, they are opened where ``opensArchives`` says so.
/// - **Several frames in a file**: as ``frames`` says; a row is called `scan.tif#2`, counted from 0.
/// - **Videos** are read where ``frames`` or ``framesPerSecond`` wants more than the first frame; a row is called
///   `clip.mp4#50@2.000s`.
public struct PictureInputs: Sendable {
  /// Which frames of a file are taken.
  public enum Frames: Sendable, Equatable {
    case first
    /// The first and every so-manieth after it.
    case every(Int)

    public static let all = Frames.every(1)
  }

  /// A file that lists paths.
  public struct List: Sendable, Equatable {
    /// Nil for standard input.
    public var path: FilePath?
    /// What stands between two paths.
    public var separator = Separator.lineFeed

    public enum Separator: Sendable, Equatable {
      case lineFeed
      case zero
      /// The file holds comma-separated values, and the paths are in the column of this name.
      case column(String)
    }

    public init(_ path: FilePath?, separator: Separator = .lineFeed) {
      self.path = path
      self.separator = separator
    }
  }

  public var paths: [FilePath]
  /// Read once ``paths`` are done.
  public var list: List?
  /// A folder in which pictures are waited for once all others are done, until somebody cancels.
  public var watchedFolder: FilePath?
  /// Globs for what lies in folders and archives, compared with the path below these; where there are some, a file must match
  /// one. A glob without a slash is compared with the last name.
  public var included: [String] = []
  /// The same for files and folders that are not looked at.
  public var excluded: [String] = []
  public var opensArchives = false
  public var frames = Frames.first
  /// Of a video, so many frames a second are taken, instead of ``frames``.
  public var framesPerSecond: Double?

  public init(_ paths: [FilePath] = []) { self.paths = paths }

  /// - Throws: ``BatchError`` where the list cannot be read or the folder not be watched.
  func source(_ decoder: ImageDecoder) throws(BatchError) -> InputWalk {
    var supplies: [any PathSupply] = [GivenPaths(paths)]
    if let list { supplies.append(try PathList(list)) }
    if let watchedFolder { supplies.append(try FolderWatch(watchedFolder, self)) }
    return InputWalk(supplies, self, decoder)
  }

  /// Whether a file in a folder is taken although it has no picture's name.
  func takes(_ name: String) -> Bool {
    (opensArchives && ArchiveKind(name: name) != nil)
      || ((framesPerSecond != nil || frames != .first) && VideoReader.isVideo(name: name))
  }

  /// Whether not all that lies in folders and archives is taken.
  var isChosen: Bool { !included.isEmpty || !excluded.isEmpty }

  /// What there is, for errors.
  var names: [String] {
    paths.map(\.description) + (list.map { [$0.path?.description ?? "standard input"] } ?? [])
      + (watchedFolder.map { [$0.description] } ?? [])
  }
}
