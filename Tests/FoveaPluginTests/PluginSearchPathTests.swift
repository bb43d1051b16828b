import Foundation
import FoveaPlugin
import Testing

struct PluginSearchPathTests {
  @Test func theUsersFolderComesLast() {
    let path = PluginSearchPath(environment: ["FOVEA_PLUGIN_PATH": "/a:/b/libC.so::", "HOME": "/home/ada"])
    #expect(path.entries == ["/a", "/b/libC.so", "/home/ada/.local/share/fovea/plugins"])
  }

  @Test func theDataFolderCanBeElsewhere() {
    #expect(PluginSearchPath(environment: ["HOME": "/h", "XDG_DATA_HOME": "/data"]).entries == ["/data/fovea/plugins"])
    #expect(
      PluginSearchPath(environment: ["HOME": "/h", "XDG_DATA_HOME": "data"]).entries
        == ["/h/.local/share/fovea/plugins"])
    #expect(PluginSearchPath(environment: [:]).entries.isEmpty)
  }

  @Test func aFoldersLibrariesComeByName() throws {
    let maker = try LibraryMaker()
    for name in ["libB.so", "libA.so", "libFoveaPluginKit.so", "README.md"] { _ = try maker.file(name, [0]) }
    let path = PluginSearchPath([maker.folder, "/no/such/folder", "/no/such/libC.so"])
    #expect(path.files == [maker.folder + "/libA.so", maker.folder + "/libB.so", "/no/such/libC.so"])
  }
}
