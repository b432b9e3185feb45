<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
    <context>
        <name>Apply</name>
        <message>
            <source>Volume:</source>
            <translation>Volumen:</translation>
        </message>
        <message>
            <source>The loaded volume to segment.</source>
            <translation>Das geladene Volumen, das segmentiert wird.</translation>
        </message>
        <message>
            <source>Model:</source>
            <translation>Modell:</translation>
        </message>
        <message>
            <source>The trained model to segment with: those of the project's runs and the imported ones.</source>
            <translation>Das trainierte Modell, mit dem segmentiert wird: aus den Trainings des Projekts oder importiert.</translation>
        </message>
        <message>
            <source>Device:</source>
            <translation>Gerät:</translation>
        </message>
        <message>
            <source>Segment</source>
            <translation>Segmentieren</translation>
        </message>
        <message>
            <source>Complete outline</source>
            <translation>Kontur ergänzen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Ends the segmentation. Results that are there already stay.</source>
            <translation>Beendet die Segmentierung. Ergebnisse, die schon da sind, bleiben.</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Correct in Segment Editor</source>
            <translation>Im Segment Editor korrigieren</translation>
        </message>
        <message>
            <source>Use as label</source>
            <translation>Als Kontur nehmen</translation>
        </message>
        <message>
            <source>Several cases</source>
            <translation>Mehrere Fälle</translation>
        </message>
        <message>
            <source>Which cases</source>
            <translation>Welche Fälle</translation>
        </message>
        <message>
            <source>Which cases of the table to segment.</source>
            <translation>Welche Fälle der Tabelle segmentiert werden.</translation>
        </message>
        <message>
            <source>All unlabeled cases</source>
            <translation>Alle Fälle ohne Kontur</translation>
        </message>
        <message>
            <source>Cases selected in the table</source>
            <translation>In der Tabelle gewählte Fälle</translation>
        </message>
        <message>
            <source>Segment cases</source>
            <translation>Fälle segmentieren</translation>
        </message>
        <message>
            <source>Ends the batch; the results that are there already stay</source>
            <translation>Beendet den Stapel; Ergebnisse, die schon da sind, bleiben</translation>
        </message>
        <message>
            <source>Cases to segment</source>
            <translation>Zu segmentierende Fälle</translation>
        </message>
        <message>
            <source>Double click a finished case to load it with its result.</source>
            <translation>Doppelklicken Sie auf einen fertigen Fall, um ihn mit seinem Ergebnis zu laden.</translation>
        </message>
        <message>
            <source>Case</source>
            <translation>Fall</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Status</translation>
        </message>
        <message>
            <source>Predicted Dice</source>
            <translation>Vorhergesagter Dice</translation>
        </message>
        <message>
            <source>Show result</source>
            <translation>Ergebnis zeigen</translation>
        </message>
        <message>
            <source>Use as labels</source>
            <translation>Als Konturen nehmen</translation>
        </message>
        <message>
            <source>Save numbers...</source>
            <translation>Messwerte speichern...</translation>
        </message>
    </context>
    <context>
        <name>Cases</name>
        <message>
            <source>Add loaded scans</source>
            <translation>Geladene Scans hinzufügen</translation>
        </message>
        <message>
            <source>Add folder…</source>
            <translation>Ordner hinzufügen…</translation>
        </message>
        <message>
            <source>Scans of the project</source>
            <translation>Scans des Projekts</translation>
        </message>
        <message>
            <source>Outline</source>
            <translation>Konturieren</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>Rolle</translation>
        </message>
        <message>
            <source>Nothing here</source>
            <translation>Hier nichts</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Suggest next</source>
            <translation>Nächsten vorschlagen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>To be looked at again</source>
            <translation>Noch einmal anzusehen</translation>
        </message>
        <message>
            <source>Outline next</source>
            <translation>Nächsten konturieren</translation>
        </message>
        <message>
            <source>Not there in selected scans</source>
            <translation>In den gewählten nicht da</translation>
        </message>
        <message>
            <source>Structures</source>
            <translation>Strukturen</translation>
        </message>
        <message>
            <source>Structures to learn</source>
            <translation>Zu lernende Strukturen</translation>
        </message>
        <message>
            <source>Add…</source>
            <translation>Neu…</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>Name…</translation>
        </message>
        <message>
            <source>Color…</source>
            <translation>Farbe…</translation>
        </message>
        <message>
            <source>Term…</source>
            <translation>Begriff…</translation>
        </message>
        <message>
            <source>Words of the term</source>
            <translation>Wörter des Begriffs</translation>
        </message>
        <message>
            <source>Search, such as: kidney left</source>
            <translation>Suchen, etwa: Niere links</translation>
        </message>
        <message>
            <source>Standard terms</source>
            <translation>Standardbegriffe</translation>
        </message>
        <message>
            <source>Terms of SNOMED CT with which DICOM files say what a structure is</source>
            <translation>Begriffe aus SNOMED CT, mit denen DICOM-Dateien sagen, was eine Struktur ist</translation>
        </message>
        <message>
            <source>Slicer's list…</source>
            <translation>Liste von Slicer…</translation>
        </message>
        <message>
            <source>Choose with the selector of Slicer, which has more terms</source>
            <translation>Mit der Auswahl von Slicer wählen, die mehr Begriffe hat</translation>
        </message>
        <message>
            <source>Use this term</source>
            <translation>Diesen Begriff nehmen</translation>
        </message>
        <message>
            <source>Use outline</source>
            <translation>Kontur übernehmen</translation>
        </message>
        <message>
            <source>Write the outline into the project, so that networks learn from it</source>
            <translation>Die Kontur ins Projekt schreiben, damit die Netze daraus lernen</translation>
        </message>
        <message>
            <source>Slices without outline</source>
            <translation>Schichten ohne Kontur</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Decide later; the outline is not used until then</source>
            <translation>Später entscheiden; bis dahin wird die Kontur nicht benutzt</translation>
        </message>
        <message>
            <source>Not outlined yet</source>
            <translation>Noch nicht konturiert</translation>
        </message>
        <message>
            <source>The networks learn your outlines from the outlined slices only; the rest of the scan counts as unlabeled</source>
            <translation>Die Netze lernen Ihre Konturen nur aus den konturierten Schichten; der Rest des Scans gilt als Scan ohne Kontur</translation>
        </message>
        <message>
            <source>Structure is not there</source>
            <translation>Struktur fehlt dort</translation>
        </message>
        <message>
            <source>The whole scan counts as outlined: where nothing is drawn, there is nothing</source>
            <translation>Der ganze Scan gilt als konturiert: Wo nichts gezeichnet ist, ist nichts</translation>
        </message>
        <message>
            <source>Which structure is which?</source>
            <translation>Welche Struktur ist welche?</translation>
        </message>
        <message>
            <source>Segments and structures</source>
            <translation>Segmente und Strukturen</translation>
        </message>
        <message>
            <source>Use with these names</source>
            <translation>Mit diesen Namen nutzen</translation>
        </message>
    </context>
    <context>
        <name>DualTaskSeg</name>
        <message>
            <source>DualTaskSeg</source>
            <translation>DualTaskSeg</translation>
        </message>
        <message>
            <source>&lt;p&gt;Train a segmentation network of your own from a few outlined scans and many that nobody outlined, then apply it with one click. Two networks, one for a probability map and one for a signed distance map, teach each other; where they disagree, the result is unsure.&lt;/p&gt;&lt;p&gt;1. &lt;b&gt;Cases&lt;/b&gt;: choose a project folder, add scans, outline your structures on a few.&lt;br&gt;2. &lt;b&gt;Train&lt;/b&gt;: click Train and go on working.&lt;br&gt;3. &lt;b&gt;Apply&lt;/b&gt;: segment a scan; &lt;b&gt;Review&lt;/b&gt; the result and correct it; &lt;b&gt;Export&lt;/b&gt; it.&lt;/p&gt;&lt;p&gt;Everything is computed on this computer; no data leaves it. For research only: look at every result before you use it.&lt;/p&gt;&lt;p&gt;&lt;a href="https://github.com/DualTaskSeg/SlicerDualTaskSeg"&gt;Documentation and tutorial&lt;/a&gt;&lt;/p&gt;</source>
            <translation>&lt;p&gt;Trainieren Sie ein eigenes Segmentierungsnetz mit wenigen konturierten Scans und vielen, die niemand konturiert hat; danach wenden Sie es mit einem Klick an. Zwei Netze, eines für eine Wahrscheinlichkeitskarte und eines für eine Karte der Abstände mit Vorzeichen, lernen voneinander; wo sie sich widersprechen, ist das Ergebnis unsicher.&lt;/p&gt;&lt;p&gt;1. &lt;b&gt;Fälle&lt;/b&gt;: Wählen Sie einen Projektordner, fügen Sie Scans hinzu, und konturieren Sie Ihre Strukturen auf einigen davon.&lt;br&gt;2. &lt;b&gt;Trainieren&lt;/b&gt;: Klicken Sie auf Trainieren, und arbeiten Sie weiter.&lt;br&gt;3. &lt;b&gt;Anwenden&lt;/b&gt;: Segmentieren Sie einen Scan; das Ergebnis &lt;b&gt;prüfen&lt;/b&gt;, korrigieren und &lt;b&gt;exportieren&lt;/b&gt; Sie.&lt;/p&gt;&lt;p&gt;Alles wird auf diesem Computer berechnet; keine Daten verlassen ihn. Nur für die Forschung: Sehen Sie sich jedes Ergebnis an, bevor Sie es verwenden.&lt;/p&gt;&lt;p&gt;&lt;a href="https://github.com/DualTaskSeg/SlicerDualTaskSeg"&gt;Dokumentation und Anleitung (englisch)&lt;/a&gt;&lt;/p&gt;</translation>
        </message>
        <message>
            <source>The method is dual-task mutual learning: Y. Zhang and J. Zhang, Dual-Task Mutual Learning for Semi-supervised Medical Image Segmentation, PRCV 2021, arXiv:2103.04708. Built with PyTorch, MONAI, SimpleITK, highdicom and dcmqi. Please cite the paper and this software when you use it in research.</source>
            <translation>Das Verfahren ist Dual-Task Mutual Learning: Y. Zhang und J. Zhang, Dual-Task Mutual Learning for Semi-supervised Medical Image Segmentation, PRCV 2021, arXiv:2103.04708. Verwendet werden PyTorch, MONAI, SimpleITK, highdicom und dcmqi. Bitte zitieren Sie die Arbeit und diese Software, wenn Sie sie in der Forschung einsetzen.</translation>
        </message>
        <message>
            <source>{file} exists already</source>
            <translation>{file} gibt es schon</translation>
        </message>
        <message>
            <source>Choose another name, or say that it may be replaced</source>
            <translation>Wählen Sie einen anderen Namen, oder erlauben Sie, dass die Datei ersetzt wird</translation>
        </message>
        <message>
            <source>{name} numbers</source>
            <translation>{name} Messwerte</translation>
        </message>
        <message>
            <source>There is no export format '{format}'</source>
            <translation>Ein Exportformat „{format}“ gibt es nicht</translation>
        </message>
        <message>
            <source>Use one of: {formats}</source>
            <translation>Nehmen Sie eines von: {formats}</translation>
        </message>
        <message>
            <source>Maps are written beside a DICOM segmentation only</source>
            <translation>Karten werden nur neben einer DICOM-Segmentierung geschrieben</translation>
        </message>
        <message>
            <source>Export as DICOM segmentation, or without maps</source>
            <translation>Exportieren Sie als DICOM-Segmentierung, oder ohne Karten</translation>
        </message>
        <message>
            <source>The result has no uncertainty volume of the scan</source>
            <translation>Zum Ergebnis gehört kein Unsicherheitsvolumen des Scans</translation>
        </message>
        <message>
            <source>Segment the scan again</source>
            <translation>Segmentieren Sie den Scan noch einmal</translation>
        </message>
        <message>
            <source>Packages are missing: {names}</source>
            <translation>Es fehlen Pakete: {names}</translation>
        </message>
        <message>
            <source>No project is open</source>
            <translation>Kein Projekt geöffnet</translation>
        </message>
        <message>
            <source>New project…</source>
            <translation>Neues Projekt…</translation>
        </message>
        <message>
            <source>Choose a folder that keeps your list of scans, your outlines, trainings and models</source>
            <translation>Einen Ordner wählen, der die Liste Ihrer Scans, Ihre Konturen, Trainings und Modelle aufnimmt</translation>
        </message>
        <message>
            <source>Open project…</source>
            <translation>Projekt öffnen…</translation>
        </message>
        <message>
            <source>Open the folder of an earlier project</source>
            <translation>Den Ordner eines früheren Projekts öffnen</translation>
        </message>
        <message>
            <source>Try with sample scans</source>
            <translation>Mit Beispielscans versuchen</translation>
        </message>
        <message>
            <source>Makes twelve small made-up scans, four of them outlined, and a project with them among your documents; nothing is downloaded</source>
            <translation>Erzeugt zwölf kleine künstliche Scans, vier davon konturiert, und ein Projekt mit ihnen in Ihren Dokumenten; nichts wird heruntergeladen</translation>
        </message>
        <message>
            <source>×</source>
            <translation>×</translation>
        </message>
        <message>
            <source>Hide this message</source>
            <translation>Diese Meldung ausblenden</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Everything is computed on this computer; no data leaves it. For research only.</source>
            <translation>Alles wird auf diesem Computer berechnet; keine Daten verlassen ihn. Nur für die Forschung.</translation>
        </message>
    </context>
    <context>
        <name>Export</name>
        <message>
            <source>Result:</source>
            <translation>Ergebnis:</translation>
        </message>
        <message>
            <source>The segmentation to export.</source>
            <translation>Die Segmentierung, die exportiert wird.</translation>
        </message>
        <message>
            <source>Save as:</source>
            <translation>Speichern als:</translation>
        </message>
        <message>
            <source>DICOM files belong to the series of the scan; the others can be made of any scan.</source>
            <translation>DICOM-Dateien gehören zur Serie des Scans; die anderen gehen mit jedem Scan.</translation>
        </message>
        <message>
            <source>What the export needs</source>
            <translation>Was der Export braucht</translation>
        </message>
        <message>
            <source>What the file needs, open points first</source>
            <translation>Was die Datei braucht, offene Punkte zuerst</translation>
        </message>
        <message>
            <source>Fix</source>
            <translation>Beheben</translation>
        </message>
        <message>
            <source>Do what can be done by a click</source>
            <translation>Tun, was mit einem Klick getan werden kann</translation>
        </message>
        <message>
            <source>Choose terms…</source>
            <translation>Begriffe wählen…</translation>
        </message>
        <message>
            <source>Say in standard terms what the structures are; the model that made them keeps it</source>
            <translation>In Standardbegriffen sagen, was die Strukturen sind; das Modell, das sie erzeugt hat, behält es</translation>
        </message>
        <message>
            <source>Words of the term</source>
            <translation>Wörter des Begriffs</translation>
        </message>
        <message>
            <source>Search, such as: kidney left</source>
            <translation>Suchen, etwa: Niere links</translation>
        </message>
        <message>
            <source>Standard terms</source>
            <translation>Standardbegriffe</translation>
        </message>
        <message>
            <source>Terms of SNOMED CT with which DICOM files say what a structure is</source>
            <translation>Begriffe aus SNOMED CT, mit denen DICOM-Dateien sagen, was eine Struktur ist</translation>
        </message>
        <message>
            <source>Slicer's list…</source>
            <translation>Liste von Slicer…</translation>
        </message>
        <message>
            <source>Choose with the selector of Slicer, which has more terms</source>
            <translation>Mit der Auswahl von Slicer wählen, die mehr Begriffe hat</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Use this term</source>
            <translation>Diesen Begriff nehmen</translation>
        </message>
        <message>
            <source>Install…</source>
            <translation>Installieren…</translation>
        </message>
        <message>
            <source>Download and install what is missing, after asking. Slicer can be used meanwhile</source>
            <translation>Nach einer Rückfrage herunterladen und installieren, was fehlt. Slicer ist dabei benutzbar</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Open all that the installation said</source>
            <translation>Alles öffnen, was die Installation gemeldet hat</translation>
        </message>
        <message>
            <source>End the installation; Install begins again</source>
            <translation>Die Installation beenden; mit Installieren beginnt sie von vorn</translation>
        </message>
        <message>
            <source>Series description:</source>
            <translation>Serienbeschreibung:</translation>
        </message>
        <message>
            <source>The name under which the segmentation appears in the archive.</source>
            <translation>Der Name, unter dem die Segmentierung im Archiv erscheint.</translation>
        </message>
        <message>
            <source>Made by:</source>
            <translation>Erstellt von:</translation>
        </message>
        <message>
            <source>Your name as DICOM writes it, such as Doe^Jane. Nobody is named if it is empty</source>
            <translation>Ihr Name in DICOM-Schreibweise, etwa Doe^Jane. Ist das Feld leer, wird niemand genannt</translation>
        </message>
        <message>
            <source>Signed distance and uncertainty, too</source>
            <translation>Auch Abstand mit Vorzeichen und Unsicherheit</translation>
        </message>
        <message>
            <source>Add to the DICOM database</source>
            <translation>In die DICOM-Datenbank aufnehmen</translation>
        </message>
        <message>
            <source>Save DICOM-SEG...</source>
            <translation>DICOM-SEG speichern...</translation>
        </message>
        <message>
            <source>Ends the export. No file is left behind.</source>
            <translation>Beendet den Export. Keine Datei bleibt zurück.</translation>
        </message>
    </context>
    <context>
        <name>Models</name>
        <message>
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Details</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>Umbenennen…</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Export…</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Import…</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen…</translation>
        </message>
        <message>
            <source>Export as MONAI Bundle…</source>
            <translation>Als MONAI Bundle exportieren…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>End it. Nothing is left behind.</source>
            <translation>Beenden. Nichts bleibt zurück.</translation>
        </message>
    </context>
    <context>
        <name>Review</name>
        <message>
            <source>Result:</source>
            <translation>Ergebnis:</translation>
        </message>
        <message>
            <source>The segmentation to look at.</source>
            <translation>Die Segmentierung, die geprüft wird.</translation>
        </message>
        <message>
            <source>Map over the scan</source>
            <translation>Karte über dem Scan</translation>
        </message>
        <message>
            <source>The map that colors the slice views over the scan: distances in mm, where the two networks disagree, or what changed.</source>
            <translation>Die Karte, die die Schichtansichten über dem Scan färbt: Abstände in mm, wo sich die zwei Netze widersprechen, oder was sich geändert hat.</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>Fill:</source>
            <translation>Füllung:</translation>
        </message>
        <message>
            <source>How opaque the segments are filled in the slice views; 0 shows none.</source>
            <translation>Wie deckend die Segmente in den Schichtansichten gefüllt sind; bei 0 gar nicht.</translation>
        </message>
        <message>
            <source>Visible</source>
            <translation>Sichtbar</translation>
        </message>
        <message>
            <source>Show the result in the views. Off: look at the scan beneath.</source>
            <translation>Das Ergebnis in den Ansichten zeigen. Aus: der Scan darunter ist zu sehen.</translation>
        </message>
        <message>
            <source>Outline</source>
            <translation>Umriss</translation>
        </message>
        <message>
            <source>Draw the outline of each segment in the slice views.</source>
            <translation>Den Umriss jedes Segments in den Schichtansichten zeichnen.</translation>
        </message>
        <message>
            <source>Surface in 3D</source>
            <translation>Oberfläche in 3D</translation>
        </message>
        <message>
            <source>Show the surface of each segment in the 3D view.</source>
            <translation>Die Oberfläche jedes Segments in der 3D-Ansicht zeigen.</translation>
        </message>
        <message>
            <source>Signed distance to the surface</source>
            <translation>Abstand mit Vorzeichen zur Oberfläche</translation>
        </message>
        <message>
            <source>Contour lines</source>
            <translation>Abstandslinien</translation>
        </message>
        <message>
            <source>Draw lines of equal distance in the slice views.</source>
            <translation>Linien gleichen Abstands in den Schichtansichten zeichnen.</translation>
        </message>
        <message>
            <source>Segment:</source>
            <translation>Segment:</translation>
        </message>
        <message>
            <source>The segment whose distance is shown.</source>
            <translation>Das Segment, dessen Abstand gezeigt wird.</translation>
        </message>
        <message>
            <source>Band:</source>
            <translation>Bereich:</translation>
        </message>
        <message>
            <source>Colors reach this far from the surface, in mm to either side.</source>
            <translation>So weit reichen die Farben nach beiden Seiten der Oberfläche, in mm.</translation>
        </message>
        <message>
            <source> mm</source>
            <translation> mm</translation>
        </message>
        <message>
            <source>Opacity:</source>
            <translation>Deckkraft:</translation>
        </message>
        <message>
            <source>How opaque the distance colors are.</source>
            <translation>Wie deckend die Abstandsfarben sind.</translation>
        </message>
        <message>
            <source>Lines at:</source>
            <translation>Linien bei:</translation>
        </message>
        <message>
            <source>Distances of the contour lines in mm with commas between them, such as -2, 0, 5. 0 is the surface.</source>
            <translation>Abstände der Linien in mm, durch Kommas getrennt, etwa -2, 0, 5. 0 ist die Oberfläche.</translation>
        </message>
        <message>
            <source>Where the two networks disagree</source>
            <translation>Wo sich die zwei Netze widersprechen</translation>
        </message>
        <message>
            <source>How opaque the uncertainty map is.</source>
            <translation>Wie deckend die Unsicherheitskarte ist.</translation>
        </message>
        <message>
            <source>Previous place</source>
            <translation>Vorige Stelle</translation>
        </message>
        <message>
            <source>Next place</source>
            <translation>Nächste Stelle</translation>
        </message>
        <message>
            <source>Suggest slice to outline</source>
            <translation>Schicht zum Konturieren vorschlagen</translation>
        </message>
        <message>
            <source>Compare with an earlier result</source>
            <translation>Mit einem früheren Ergebnis vergleichen</translation>
        </message>
        <message>
            <source>Earlier:</source>
            <translation>Früheres:</translation>
        </message>
        <message>
            <source>The earlier result to compare with: of another model, or an outline.</source>
            <translation>Das frühere Ergebnis zum Vergleich: von einem anderen Modell, oder eine Kontur.</translation>
        </message>
        <message>
            <source>Its outline</source>
            <translation>Sein Umriss</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Changes</source>
            <translation>Änderungen</translation>
        </message>
        <message>
            <source>What changed of each structure. Surfaces apart: mean, 95 % and largest distance in mm.</source>
            <translation>Was sich an jeder Struktur geändert hat. Oberflächen auseinander: mittlerer, 95-%- und größter Abstand in mm.</translation>
        </message>
        <message>
            <source>Save changes as CSV...</source>
            <translation>Änderungen als CSV speichern...</translation>
        </message>
        <message>
            <source>How opaque the map of the changes is.</source>
            <translation>Wie deckend die Karte der Änderungen ist.</translation>
        </message>
        <message>
            <source>Numbers</source>
            <translation>Messwerte</translation>
        </message>
        <message>
            <source>Measure volumes and diameters</source>
            <translation>Volumen und Durchmesser messen</translation>
        </message>
        <message>
            <source>Largest diameters: in an axial slice, with the longest line at right angles to it, and in 3D.</source>
            <translation>Größte Durchmesser: in einer axialen Schicht, mit der längsten Linie senkrecht dazu, und in 3D.</translation>
        </message>
        <message>
            <source>Save numbers as CSV...</source>
            <translation>Messwerte als CSV speichern...</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Ends comparing or measuring.</source>
            <translation>Beendet das Vergleichen oder Messen.</translation>
        </message>
        <message>
            <source>Hide everything</source>
            <translation>Alles ausblenden</translation>
        </message>
        <message>
            <source>Takes all overlays away and restores the layout, layers and window that you had.</source>
            <translation>Nimmt alle Überlagerungen weg; Ihre Anordnung, Ebenen und Ihr Fenster kommen zurück.</translation>
        </message>
    </context>
    <context>
        <name>Train</name>
        <message>
            <source>Install…</source>
            <translation>Installieren…</translation>
        </message>
        <message>
            <source>Download and install what is missing, after asking. Slicer can be used meanwhile</source>
            <translation>Nach einer Rückfrage herunterladen und installieren, was fehlt. Slicer ist dabei benutzbar</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Open all that the installation said</source>
            <translation>Alles öffnen, was die Installation gemeldet hat</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>End the installation; Install begins again</source>
            <translation>Die Installation beenden; mit Installieren beginnt sie von vorn</translation>
        </message>
        <message>
            <source>Structures:</source>
            <translation>Strukturen:</translation>
        </message>
        <message>
            <source>Quality:</source>
            <translation>Qualität:</translation>
        </message>
        <message>
            <source>Quality</source>
            <translation>Qualität</translation>
        </message>
        <message>
            <source>Minutes of training</source>
            <translation>Trainingsminuten</translation>
        </message>
        <message>
            <source>How long to train. More time gives a better model</source>
            <translation>Wie lange trainiert wird. Mehr Zeit gibt ein besseres Modell</translation>
        </message>
        <message>
            <source> min</source>
            <translation> min</translation>
        </message>
        <message>
            <source>Compute on:</source>
            <translation>Rechnen auf:</translation>
        </message>
        <message>
            <source>Begin with:</source>
            <translation>Beginnen mit:</translation>
        </message>
        <message>
            <source>Begin with new networks, which have seen no scan yet, or go on from a model, for example after correcting its results</source>
            <translation>Mit neuen Netzen beginnen, die noch keinen Scan gesehen haben, oder von einem Modell aus weitermachen, etwa nach Korrekturen seiner Ergebnisse</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Trainings</source>
            <translation>Trainings</translation>
        </message>
        <message>
            <source>Show curves</source>
            <translation>Kurven zeigen</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
    </context>
    <context>
        <name>apply.applysection</name>
        <message>
            <source>&amp;Apply</source>
            <translation>An&amp;wenden</translation>
        </message>
        <message>
            <source>Segment the volume; nothing that is in the scene is overwritten</source>
            <translation>Das Volumen segmentieren; nichts in der Szene wird überschrieben</translation>
        </message>
        <message>
            <source>Fill the slices of this scan that are not outlined yet; your outlines stay exactly as they are</source>
            <translation>Die Schichten dieses Scans füllen, die noch nicht konturiert sind; Ihre Konturen bleiben genau, wie sie sind</translation>
        </message>
        <message>
            <source>Train a model first, or import one in the section Models.</source>
            <translation>Trainieren Sie erst ein Modell, oder importieren Sie eines im Abschnitt Modelle.</translation>
        </message>
        <message>
            <source>The trained model to segment with: those of the project's trainings and the imported ones</source>
            <translation>Das trainierte Modell, mit dem segmentiert wird: aus den Trainings des Projekts oder importiert</translation>
        </message>
        <message>
            <source>No result of a model is under review.</source>
            <translation>Es wird kein Ergebnis eines Modells geprüft.</translation>
        </message>
        <message>
            <source>Your outlines are in it as they were; the rest was predicted.</source>
            <translation>Ihre Konturen sind darin, wie sie waren; der Rest wurde vorhergesagt.</translation>
        </message>
        <message>
            <source>The volume that was segmented is no longer in the scene.</source>
            <translation>Das segmentierte Volumen ist nicht mehr in der Szene.</translation>
        </message>
        <message>
            <source>Open the result in Segment Editor with its volume</source>
            <translation>Das Ergebnis mit seinem Volumen im Segment Editor öffnen</translation>
        </message>
        <message>
            <source>Make the result, with your corrections, the label of its case; the next training learns from it</source>
            <translation>Das Ergebnis samt Ihren Korrekturen zur Kontur seines Falls machen; das nächste Training lernt daraus</translation>
        </message>
        <message>
            <source>Something has to be installed first: click Install in the section Train.</source>
            <translation>Erst muss etwas installiert werden: Klicken Sie im Abschnitt Trainieren auf Installieren.</translation>
        </message>
        <message>
            <source>A volume is being segmented.</source>
            <translation>Ein Volumen wird segmentiert.</translation>
        </message>
        <message>
            <source>Cases are being segmented.</source>
            <translation>Fälle werden segmentiert.</translation>
        </message>
        <message>
            <source>Choose a volume.</source>
            <translation>Wählen Sie ein Volumen.</translation>
        </message>
        <message>
            <source>Open or make a project first (at the top).</source>
            <translation>Öffnen Sie erst ein Projekt, oder legen Sie eines an (oben).</translation>
        </message>
        <message>
            <source>The volume is not partly outlined, so there is nothing to complete.</source>
            <translation>Das Volumen ist nicht teilweise konturiert; es gibt nichts zu ergänzen.</translation>
        </message>
        <message>
            <source>Its volume is no case of the project. Add it in the section Cases.</source>
            <translation>Sein Volumen ist kein Fall des Projekts. Fügen Sie es im Abschnitt Fälle hinzu.</translation>
        </message>
        <message>
            <source>Automatic: a graphics card that works, else the CPU</source>
            <translation>Automatisch: eine Grafikkarte, die läuft, sonst die CPU</translation>
        </message>
        <message>
            <source>CPU; a large scan may take some minutes</source>
            <translation>CPU; ein großer Scan kann einige Minuten dauern</translation>
        </message>
        <message>
            <source>Looking whether the earlier result was edited</source>
            <translation>Es wird geprüft, ob das frühere Ergebnis bearbeitet wurde</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Beginnt</translation>
        </message>
        <message>
            <source>Starting, about 10 s; the next scan is quicker</source>
            <translation>Beginnt, etwa 10 s; der nächste Scan geht schneller</translation>
        </message>
        <message>
            <source>Waiting until the other work of this panel is done</source>
            <translation>Wartet, bis die andere Arbeit dieses Bereichs fertig ist</translation>
        </message>
        <message>
            <source>{volume} has a result of {model} already. Replace it?</source>
            <translation>Zu {volume} gibt es schon ein Ergebnis von {model}. Soll es ersetzt werden?</translation>
        </message>
        <message>
            <source>It was edited: your corrections would be lost.</source>
            <translation>Es wurde bearbeitet: Ihre Korrekturen gingen verloren.</translation>
        </message>
        <message>
            <source>Yes: the new result takes its place.
No: both are kept.</source>
            <translation>Ja: Das neue Ergebnis ersetzt es.
Nein: Beide bleiben.</translation>
        </message>
        <message>
            <source>Canceled. Nothing was changed.</source>
            <translation>Abgebrochen. Nichts wurde geändert.</translation>
        </message>
        <message>
            <source>{text}, about {time} left</source>
            <translation>{text}, noch etwa {time}</translation>
        </message>
        <message>
            <source>{name} was segmented in {time} on the device {device}.</source>
            <translation>{name} wurde in {time} auf dem Gerät {device} segmentiert.</translation>
        </message>
        <message>
            <source>{name} has a label already. Use this result instead?</source>
            <translation>{name} hat schon eine Kontur. Soll stattdessen dieses Ergebnis gelten?</translation>
        </message>
        <message>
            <source>{name} is labeled now; the next training learns from it.</source>
            <translation>{name} hat jetzt eine Kontur; das nächste Training lernt daraus.</translation>
        </message>
        <message>
            <source>Writing the label</source>
            <translation>Kontur wird geschrieben</translation>
        </message>
        <message>
            <source>The scene was closed, so the segmentation of its volume was ended.</source>
            <translation>Die Szene wurde geschlossen; daher wurde die Segmentierung ihres Volumens beendet.</translation>
        </message>
    </context>
    <context>
        <name>apply.batchnumbers</name>
        <message>
            <source>No case is finished.</source>
            <translation>Kein Fall ist fertig.</translation>
        </message>
        <message>
            <source>Wait until the present work is done, or cancel it.</source>
            <translation>Warten Sie, bis die jetzige Arbeit fertig ist, oder brechen Sie sie ab.</translation>
        </message>
        <message>
            <source>Measure volumes and diameters of the results, and save a table with a row for each case (CSV)</source>
            <translation>Volumen und Durchmesser der Ergebnisse messen und eine Tabelle mit einer Zeile für jeden Fall speichern (CSV)</translation>
        </message>
        <message>
            <source>numbers of cases</source>
            <translation>Messwerte der Fälle</translation>
        </message>
        <message>
            <source>Measuring, {percent} %</source>
            <translation>Wird gemessen, {percent} %</translation>
        </message>
        <message>
            <source>Numbers of cases</source>
            <translation>Messwerte der Fälle</translation>
        </message>
        <message>
            <source>{count} case is measured; the table is {name}.</source>
            <translation>{count} Fall ist gemessen; die Tabelle ist {name}.</translation>
        </message>
        <message>
            <source>{count} cases are measured; the table is {name}.</source>
            <translation>{count} Fälle sind gemessen; die Tabelle ist {name}.</translation>
        </message>
        <message>
            <source>{name} could not be measured: {reason}.</source>
            <translation>{name} konnte nicht gemessen werden: {reason}.</translation>
        </message>
    </context>
    <context>
        <name>apply.batchtable</name>
        <message>
            <source>Segment these cases one after the other</source>
            <translation>Diese Fälle nacheinander segmentieren</translation>
        </message>
        <message>
            <source>Select one finished case in the list.</source>
            <translation>Wählen Sie in der Liste einen fertigen Fall.</translation>
        </message>
        <message>
            <source>Load the case with its result</source>
            <translation>Den Fall mit seinem Ergebnis laden</translation>
        </message>
        <message>
            <source>Select finished cases in the list.</source>
            <translation>Wählen Sie in der Liste fertige Fälle.</translation>
        </message>
        <message>
            <source>Make the results the labels of their cases as they are, so that the next training learns from them</source>
            <translation>Die Ergebnisse so, wie sie sind, zu Konturen ihrer Fälle machen; das nächste Training lernt daraus</translation>
        </message>
        <message>
            <source>Open or make a project first (at the top).</source>
            <translation>Öffnen Sie erst ein Projekt, oder legen Sie eines an (oben).</translation>
        </message>
        <message>
            <source>Cases are being segmented.</source>
            <translation>Fälle werden segmentiert.</translation>
        </message>
        <message>
            <source>Select cases in the table of the section Cases.</source>
            <translation>Wählen Sie Fälle in der Tabelle des Abschnitts Fälle.</translation>
        </message>
        <message>
            <source>The project has no unlabeled case.</source>
            <translation>Das Projekt hat keinen Fall ohne Kontur.</translation>
        </message>
        <message>
            <source>{count} of {of} cases has a result of this model already. Segment it again?

Yes: its result is replaced.
No: only the others are segmented.</source>
            <translation>Zu {count} von {of} Fällen gibt es schon ein Ergebnis dieses Modells. Soll er noch einmal segmentiert werden?

Ja: Sein Ergebnis wird ersetzt.
Nein: Nur die anderen werden segmentiert.</translation>
        </message>
        <message>
            <source>{count} of {of} cases have results of this model already. Segment them again?

Yes: their results are replaced.
No: only the others are segmented.</source>
            <translation>Zu {count} von {of} Fällen gibt es schon Ergebnisse dieses Modells. Sollen sie noch einmal segmentiert werden?

Ja: Ihre Ergebnisse werden ersetzt.
Nein: Nur die anderen werden segmentiert.</translation>
        </message>
        <message>
            <source>{count} of {of} cases is segmented.</source>
            <translation>{count} von {of} Fällen ist segmentiert.</translation>
        </message>
        <message>
            <source>{count} of {of} cases are segmented.</source>
            <translation>{count} von {of} Fällen sind segmentiert.</translation>
        </message>
        <message>
            <source>{failed} could not be; the list says why.</source>
            <translation>{failed} ging nicht; die Liste sagt, warum.</translation>
        </message>
        <message>
            <source>There are remarks on {count} of them: select it in the list to read them.</source>
            <translation>Zu {count} davon gibt es Hinweise: Wählen Sie ihn in der Liste, um sie zu lesen.</translation>
        </message>
        <message>
            <source>There are remarks on {count} of them: select one in the list to read them.</source>
            <translation>Zu {count} davon gibt es Hinweise: Wählen Sie einen in der Liste, um sie zu lesen.</translation>
        </message>
        <message>
            <source>done, with remarks</source>
            <translation>fertig, mit Hinweisen</translation>
        </message>
        <message>
            <source>working, {percent} %</source>
            <translation>läuft, {percent} %</translation>
        </message>
        <message>
            <source>waits</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>fehlgeschlagen</translation>
        </message>
        <message>
            <source>canceled</source>
            <translation>abgebrochen</translation>
        </message>
        <message>
            <source>Loading {name}</source>
            <translation>{name} wird geladen</translation>
        </message>
        <message>
            <source>{count} of these cases has a label already. Use the result instead?</source>
            <translation>{count} dieser Fälle hat schon eine Kontur. Soll stattdessen das Ergebnis gelten?</translation>
        </message>
        <message>
            <source>{count} of these cases have a label already. Use the results instead?</source>
            <translation>{count} dieser Fälle haben schon eine Kontur. Sollen stattdessen die Ergebnisse gelten?</translation>
        </message>
        <message>
            <source>Writing labels</source>
            <translation>Konturen werden geschrieben</translation>
        </message>
        <message>
            <source>{count} case is labeled now; the next training learns from it.</source>
            <translation>{count} Fall hat jetzt eine Kontur; das nächste Training lernt daraus.</translation>
        </message>
        <message>
            <source>{count} cases are labeled now; the next training learns from them.</source>
            <translation>{count} Fälle haben jetzt Konturen; das nächste Training lernt daraus.</translation>
        </message>
    </context>
    <context>
        <name>cases.adding</name>
        <message>
            <source>Adding the loaded scans</source>
            <translation>Geladene Scans werden hinzugefügt</translation>
        </message>
        <message>
            <source>Choose a folder with scans</source>
            <translation>Wählen Sie einen Ordner mit Scans</translation>
        </message>
        <message>
            <source>Reading {folder}</source>
            <translation>{folder} wird gelesen</translation>
        </message>
        <message>
            <source>The labels of {name} mean other structures than this project's, so its scans were added without them. Make a project of its own for them.</source>
            <translation>Die Konturen von {name} meinen andere Strukturen als die dieses Projekts; seine Scans wurden daher ohne sie hinzugefügt. Legen Sie für sie ein eigenes Projekt an.</translation>
        </message>
        <message>
            <source>Adding {name}</source>
            <translation>{name} wird hinzugefügt</translation>
        </message>
        <message>
            <source>Searching {folder}</source>
            <translation>{folder} wird durchsucht</translation>
        </message>
        <message>
            <source>No scan was found in this folder. Image files such as NIfTI or NRRD, and DICOM series are read.</source>
            <translation>In diesem Ordner wurde kein Scan gefunden. Gelesen werden Bilddateien wie NIfTI oder NRRD und DICOM-Serien.</translation>
        </message>
    </context>
    <context>
        <name>cases.casessection</name>
        <message>
            <source>&amp;Cases</source>
            <translation>&amp;Fälle</translation>
        </message>
        <message>
            <source>Hold out for validation</source>
            <translation>Für die Validierung zurückhalten</translation>
        </message>
        <message>
            <source>Learn from it again</source>
            <translation>Wieder daraus lernen</translation>
        </message>
        <message>
            <source>Slices without outline…</source>
            <translation>Schichten ohne Kontur…</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>Umbenennen…</translation>
        </message>
        <message>
            <source>{labeled} labeled, {unlabeled} unlabeled</source>
            <translation>{labeled} mit, {unlabeled} ohne Kontur</translation>
        </message>
        <message>
            <source>{labeled} labeled ({partly} of them partly), {unlabeled} unlabeled</source>
            <translation>{labeled} mit ({partly} davon teilweise), {unlabeled} ohne Kontur</translation>
        </message>
        <message>
            <source>Add loaded scans</source>
            <translation>Geladene Scans hinzufügen</translation>
        </message>
        <message>
            <source>All scans that are loaded are in the list. Load more with Add Data or DICOM.</source>
            <translation>Alle geladenen Scans stehen in der Liste. Laden Sie weitere mit Add Data oder DICOM.</translation>
        </message>
        <message>
            <source>Add the scans that are loaded in Slicer</source>
            <translation>Die in Slicer geladenen Scans hinzufügen</translation>
        </message>
        <message>
            <source>Wait until the present work is done, or cancel it.</source>
            <translation>Warten Sie, bis die jetzige Arbeit fertig ist, oder brechen Sie sie ab.</translation>
        </message>
        <message>
            <source>Add all scans in a folder and the folders below it, image files and DICOM series. They stay there</source>
            <translation>Alle Scans eines Ordners und der Ordner darin hinzufügen, Bilddateien und DICOM-Serien. Sie bleiben dort</translation>
        </message>
        <message>
            <source>Select a scan in the table.</source>
            <translation>Wählen Sie einen Scan in der Tabelle.</translation>
        </message>
        <message>
            <source>Open the selected scan in Segment Editor to outline your structures. A double click does the same</source>
            <translation>Den gewählten Scan im Segment Editor öffnen, um Ihre Strukturen zu konturieren. Ein Doppelklick tut dasselbe</translation>
        </message>
        <message>
            <source>What the selected scans are used for</source>
            <translation>Wozu die gewählten Scans dienen</translation>
        </message>
        <message>
            <source>Take the selected scans out of the list. No file is deleted</source>
            <translation>Die gewählten Scans aus der Liste nehmen. Keine Datei wird gelöscht</translation>
        </message>
        <message>
            <source>Find the unlabeled scan on which the two networks agree least: outlining it helps most</source>
            <translation>Den Scan ohne Kontur finden, bei dem die zwei Netze am wenigsten übereinstimmen: Ihn zu konturieren hilft am meisten</translation>
        </message>
        <message>
            <source>Open the scan first: double-click it.</source>
            <translation>Öffnen Sie den Scan zuerst: Doppelklick darauf.</translation>
        </message>
        <message>
            <source>Say of a slice in the views that you looked at it and the structure is not there</source>
            <translation>Von einer Schicht in den Ansichten sagen, dass Sie sie angesehen haben und die Struktur dort nicht ist</translation>
        </message>
        <message>
            <source>{direction} slice {number} of {all}</source>
            <translation>Schicht {number} von {all} ({direction})</translation>
        </message>
        <message>
            <source>No view shows a slice of {name}.</source>
            <translation>Keine Ansicht zeigt eine Schicht von {name}.</translation>
        </message>
        <message>
            <source>There is no unlabeled scan.</source>
            <translation>Es gibt keinen Scan ohne Kontur.</translation>
        </message>
        <message>
            <source>Train a model first: it tells on which scan it is unsure.</source>
            <translation>Trainieren Sie erst ein Modell: Es sagt, bei welchem Scan es unsicher ist.</translation>
        </message>
        <message>
            <source>Outline the scan first: it has no segmentation.</source>
            <translation>Konturieren Sie den Scan erst: Er hat keine Segmentierung.</translation>
        </message>
        <message>
            <source>Say whether they are not outlined yet or the structure is not there</source>
            <translation>Sagen Sie, ob sie noch nicht konturiert sind oder die Struktur dort fehlt</translation>
        </message>
        <message>
            <source>{count} of the selected scans has no segmentation, so it can't be labeled.</source>
            <translation>{count} der gewählten Scans hat keine Segmentierung; seine Rolle kann nicht "mit Kontur" sein.</translation>
        </message>
        <message>
            <source>{count} of the selected scans have no segmentation, so they can't be labeled.</source>
            <translation>{count} der gewählten Scans haben keine Segmentierung; ihre Rolle kann nicht "mit Kontur" sein.</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Name of the scan:</source>
            <translation>Name des Scans:</translation>
        </message>
        <message>
            <source>Take {count} scan out of the list? Its file and outline are not deleted.</source>
            <translation>{count} Scan aus der Liste nehmen? Seine Datei und seine Kontur werden nicht gelöscht.</translation>
        </message>
        <message>
            <source>Take {count} scans out of the list? Their files and outlines are not deleted.</source>
            <translation>{count} Scans aus der Liste nehmen? Ihre Dateien und Konturen werden nicht gelöscht.</translation>
        </message>
        <message>
            <source>Comparing the networks</source>
            <translation>Die Netze werden verglichen</translation>
        </message>
        <message>
            <source>Look at {name} next: nothing was found in it, which may have been overlooked.</source>
            <translation>Sehen Sie als Nächstes {name} an: Darin wurde nichts gefunden; vielleicht wurde es übersehen.</translation>
        </message>
        <message>
            <source>Outline {name} next: the networks agree least on it (predicted Dice {dice}).</source>
            <translation>Konturieren Sie als Nächstes {name}: Hier stimmen die Netze am wenigsten überein (vorhergesagter Dice {dice}).</translation>
        </message>
    </context>
    <context>
        <name>cases.casetable</name>
        <message>
            <source>labeled</source>
            <translation>mit Kontur</translation>
        </message>
        <message>
            <source>unlabeled</source>
            <translation>ohne Kontur</translation>
        </message>
        <message>
            <source>left out</source>
            <translation>ausgelassen</translation>
        </message>
        <message>
            <source>outlined</source>
            <translation>konturiert</translation>
        </message>
        <message>
            <source>predicted</source>
            <translation>vorhergesagt</translation>
        </message>
        <message>
            <source>predicted, edited</source>
            <translation>vorhergesagt, bearbeitet</translation>
        </message>
        <message>
            <source>from a file</source>
            <translation>aus einer Datei</translation>
        </message>
        <message>
            <source>outline next</source>
            <translation>als Nächstes</translation>
        </message>
        <message>
            <source>nothing found</source>
            <translation>nichts gefunden</translation>
        </message>
        <message>
            <source>Dice ≈ {dice}</source>
            <translation>Dice ≈ {dice}</translation>
        </message>
        <message>
            <source>Scan</source>
            <translation>Scan</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>Rolle</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>Validation</source>
            <translation>Validierung</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>Probleme</translation>
        </message>
        <message>
            <source>Cases with a check mark measure the quality and are not learned from</source>
            <translation>Fälle mit Häkchen messen die Qualität; aus ihnen wird nicht gelernt</translation>
        </message>
        <message>
            <source>Only labeled cases can be held out for validation</source>
            <translation>Nur Fälle mit Kontur können für die Validierung zurückgehalten werden</translation>
        </message>
        <message>
            <source>Hold this case out to measure the quality</source>
            <translation>Diesen Fall zurückhalten, um die Qualität zu messen</translation>
        </message>
        <message>
            <source>Click to change the role</source>
            <translation>Klicken Sie, um die Rolle zu ändern</translation>
        </message>
        <message>
            <source>Look at it again for: {names}.</source>
            <translation>Noch einmal danach sehen: {names}.</translation>
        </message>
    </context>
    <context>
        <name>cases.checking</name>
        <message>
            <source>Looking which structures the labels hold…</source>
            <translation>Es wird geprüft, welche Strukturen die Konturen enthalten…</translation>
        </message>
    </context>
    <context>
        <name>cases.emptyslicesbox</name>
        <message>
            <source>{case}: there are empty slices beside those that you outlined ({slices}).</source>
            <translation>{case}: Neben den konturierten Schichten gibt es leere ({slices}).</translation>
        </message>
        <message>
            <source>Are they not outlined yet, or is the structure not there?</source>
            <translation>Sind sie noch nicht konturiert, oder ist die Struktur dort nicht vorhanden?</translation>
        </message>
        <message>
            <source>Equal gaps look like slices that are not outlined yet.</source>
            <translation>Gleiche Lücken sehen nach Schichten aus, die noch nicht konturiert sind.</translation>
        </message>
        <message>
            <source>If you looked at all slices, the structure is not there.</source>
            <translation>Wenn Sie alle Schichten angesehen haben, ist die Struktur dort nicht vorhanden.</translation>
        </message>
        <message>
            <source>{direction}: {outlined} of {all}</source>
            <translation>{direction}: {outlined} von {all}</translation>
        </message>
    </context>
    <context>
        <name>cases.mappingbox</name>
        <message>
            <source>Segment</source>
            <translation>Segment</translation>
        </message>
        <message>
            <source>Structure of the project</source>
            <translation>Struktur des Projekts</translation>
        </message>
        <message>
            <source>The outline of {case} has segments that the project does not know. Choose what they stand for.</source>
            <translation>Die Kontur von {case} hat Segmente, die das Projekt nicht kennt. Wählen Sie, wofür sie stehen.</translation>
        </message>
        <message>
            <source>leave it out</source>
            <translation>auslassen</translation>
        </message>
        <message>
            <source>add it as a new structure</source>
            <translation>als neue Struktur hinzufügen</translation>
        </message>
    </context>
    <context>
        <name>cases.outlines</name>
        <message>
            <source>New outlines of {names}</source>
            <translation>Neue Konturen von {names}</translation>
        </message>
        <message>
            <source>Loading {name}</source>
            <translation>{name} wird geladen</translation>
        </message>
        <message>
            <source>Looking at the outline of {name}</source>
            <translation>Die Kontur von {name} wird geprüft</translation>
        </message>
        <message>
            <source>The outline of {name} is part of the project.</source>
            <translation>Die Kontur von {name} gehört jetzt zum Projekt.</translation>
        </message>
        <message>
            <source>Only its outlined slices count as looked at.</source>
            <translation>Nur die konturierten Schichten gelten als angesehen.</translation>
        </message>
        <message>
            <source>Writing the outline of {name}</source>
            <translation>Die Kontur von {name} wird geschrieben</translation>
        </message>
        <message>
            <source>The label of {name} tells itself where nobody looked. Outline more to change that.</source>
            <translation>Die Kontur von {name} gibt selbst an, wo niemand hingesehen hat. Konturieren Sie mehr, um das zu ändern.</translation>
        </message>
        <message>
            <source>All slices between the outlined ones of {name} are outlined.</source>
            <translation>Alle Schichten zwischen den konturierten von {name} sind konturiert.</translation>
        </message>
        <message>
            <source>A map says that only a part of {name} was looked at. Shall all of it count as outlined?</source>
            <translation>Laut einer Karte wurde nur ein Teil von {name} angesehen. Soll alles als konturiert gelten?</translation>
        </message>
        <message>
            <source>{name}, {slice}: looked at, and nothing is there. Choose it again to take that back.</source>
            <translation>{name}, {slice}: angesehen, und dort ist nichts. Wählen Sie sie noch einmal, um das zurückzunehmen.</translation>
        </message>
        <message>
            <source>{name}, {slice}: not looked at.</source>
            <translation>{name}, {slice}: nicht angesehen.</translation>
        </message>
        <message>
            <source>Writing what was looked at of {name}</source>
            <translation>Was von {name} angesehen wurde, wird geschrieben</translation>
        </message>
    </context>
    <context>
        <name>cases.structuresbox</name>
        <message>
            <source>Structure</source>
            <translation>Struktur</translation>
        </message>
        <message>
            <source>Standard term</source>
            <translation>Standardbegriff</translation>
        </message>
        <message>
            <source>Names, colors and standard terms of the structures; add one more</source>
            <translation>Namen, Farben und Standardbegriffe der Strukturen; eine weitere hinzufügen</translation>
        </message>
        <message>
            <source>Structures are named by the first scan that you outline, or here:</source>
            <translation>Die Strukturen werden mit der ersten Kontur benannt, oder hier:</translation>
        </message>
        <message>
            <source>none yet</source>
            <translation>noch keiner</translation>
        </message>
        <message>
            <source>Choose a term, so that DICOM files say what the structure is</source>
            <translation>Wählen Sie einen Begriff, damit DICOM-Dateien sagen, was die Struktur ist</translation>
        </message>
        <message>
            <source>Tissue (nothing closer fits)</source>
            <translation>Gewebe (nichts Genaueres passt)</translation>
        </message>
        <message>
            <source>Wait until all outlines are written.</source>
            <translation>Warten Sie, bis alle Konturen geschrieben sind.</translation>
        </message>
        <message>
            <source>Add one more structure. Outlines that are there stay as they are</source>
            <translation>Eine weitere Struktur hinzufügen. Vorhandene Konturen bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>Select a structure in the table.</source>
            <translation>Wählen Sie eine Struktur in der Tabelle.</translation>
        </message>
        <message>
            <source>Give it another name, in all outlines, too</source>
            <translation>Ihr einen anderen Namen geben, auch in allen Konturen</translation>
        </message>
        <message>
            <source>Give it another color</source>
            <translation>Ihr eine andere Farbe geben</translation>
        </message>
        <message>
            <source>Choose what it is in SNOMED CT; DICOM files say so</source>
            <translation>Wählen, was sie in SNOMED CT ist; DICOM-Dateien sagen es so</translation>
        </message>
        <message>
            <source>Take it out of the project; nobody outlined it yet</source>
            <translation>Sie aus dem Projekt nehmen; niemand hat sie bisher konturiert</translation>
        </message>
        <message>
            <source>{case} was outlined before {structures} came into the project. Until you say what of that is there, its outline is not learned from.</source>
            <translation>{case} wurde konturiert, bevor {structures} ins Projekt kam. Bis Sie sagen, was davon da ist, wird aus der Kontur nicht gelernt.</translation>
        </message>
        <message>
            <source>{count} scans were outlined before {structures} came into the project: {case}. Until you say what of that is there, their outlines are not learned from.</source>
            <translation>{count} Scans wurden konturiert, bevor {structures} ins Projekt kam: {case}. Bis Sie sagen, was davon da ist, wird aus ihren Konturen nicht gelernt.</translation>
        </message>
        <message>
            <source>Open the first of them in Segment Editor, to outline what is there</source>
            <translation>Den ersten davon im Segment Editor öffnen und konturieren, was da ist</translation>
        </message>
        <message>
            <source>Select scans in the table in which you looked and found nothing.</source>
            <translation>Wählen Sie in der Tabelle Scans, in denen Sie nachgesehen und nichts gefunden haben.</translation>
        </message>
        <message>
            <source>Their outlines are complete: what is not outlined is not there</source>
            <translation>Ihre Konturen sind vollständig: Was nicht konturiert ist, ist nicht da</translation>
        </message>
        <message>
            <source>Add a structure</source>
            <translation>Struktur hinzufügen</translation>
        </message>
        <message>
            <source>Name of the structure:</source>
            <translation>Name der Struktur:</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Color of {name}</source>
            <translation>Farbe von {name}</translation>
        </message>
        <message>
            <source>Changing the structures</source>
            <translation>Strukturen werden geändert</translation>
        </message>
        <message>
            <source>{count} label file names the structure itself: a copy in the project is used, yours stays.</source>
            <translation>{count} Labeldatei nennt die Struktur selbst: Eine Kopie im Projekt wird benutzt, Ihre bleibt.</translation>
        </message>
        <message>
            <source>{count} label files name the structure themselves: copies in the project are used, yours stay.</source>
            <translation>{count} Labeldateien nennen die Struktur selbst: Kopien im Projekt werden benutzt, Ihre bleiben.</translation>
        </message>
        <message>
            <source>Choose a standard term for {name} with Term….</source>
            <translation>Wählen Sie mit Begriff… einen Standardbegriff für {name}.</translation>
        </message>
        <message>
            <source>Did you look at {cases}, and is {structures} not there? Networks learn that from these scans.</source>
            <translation>Haben Sie {cases} angesehen, und ist {structures} nicht da? Die Netze lernen das aus diesen Scans.</translation>
        </message>
    </context>
    <context>
        <name>common.i18n</name>
        <message>
            <source>There is {count} more like that.</source>
            <translation>Es gibt noch {count} weitere Meldung dieser Art.</translation>
        </message>
        <message>
            <source>There are {count} more like that.</source>
            <translation>Es gibt noch {count} weitere Meldungen dieser Art.</translation>
        </message>
    </context>
    <context>
        <name>common.knownfailures</name>
        <message>
            <source>Click Install in the section Train, then start Slicer again.</source>
            <translation>Klicken Sie im Abschnitt Trainieren auf Installieren, und starten Sie Slicer dann neu.</translation>
        </message>
        <message>
            <source>{0} can't be written, or another program uses it. Choose a folder in which you may write, or ask the administrator for permission.</source>
            <translation>{0} kann nicht geschrieben werden, oder ein anderes Programm benutzt es. Wählen Sie einen Ordner, in dem Sie schreiben dürfen, oder bitten Sie die Administration um die Berechtigung.</translation>
        </message>
        <message>
            <source>Slicer's folder can't be written, or another program uses a file there ({0}). Close other windows of Slicer. If that does not help, install Slicer in a folder of your own, or start it once as an administrator to install.</source>
            <translation>Der Ordner von Slicer kann nicht geschrieben werden, oder ein anderes Programm benutzt dort eine Datei ({0}). Schließen Sie andere Fenster von Slicer. Hilft das nicht, installieren Sie Slicer in einem eigenen Ordner, oder starten Sie es für die Installation einmal als Administrator.</translation>
        </message>
        <message>
            <source>A file of PyTorch has a path that is too long for Windows, so the installation is incomplete. Install Slicer in a folder with a short name, such as C:\Slicer, or turn on long paths in Windows, and install again.</source>
            <translation>Eine Datei von PyTorch hat einen Pfad, der für Windows zu lang ist; die Installation ist daher unvollständig. Installieren Sie Slicer in einem Ordner mit kurzem Namen, etwa C:\Slicer, oder schalten Sie in Windows lange Pfade ein, und installieren Sie erneut.</translation>
        </message>
        <message>
            <source>The disk is full. Make room (PyTorch needs up to 6 GB), and try again.</source>
            <translation>Der Datenträger ist voll. Schaffen Sie Platz (PyTorch braucht bis zu 6 GB), und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>The installed PyTorch does not support the graphics card of this computer. Install a newer PyTorch with the PyTorch extension, or choose the device cpu.</source>
            <translation>Das installierte PyTorch unterstützt die Grafikkarte dieses Computers nicht. Installieren Sie mit der Erweiterung PyTorch ein neueres PyTorch, oder wählen Sie das Gerät CPU.</translation>
        </message>
        <message>
            <source>The driver of the graphics card is too old for the installed PyTorch. Update the driver, or choose the device cpu.</source>
            <translation>Der Treiber der Grafikkarte ist zu alt für das installierte PyTorch. Aktualisieren Sie den Treiber, oder wählen Sie das Gerät CPU.</translation>
        </message>
        <message>
            <source>The packages could not be downloaded: this network replaces the certificates of secure connections. Ask the administrator, or install the packages from files that were downloaded on another computer.</source>
            <translation>Die Pakete konnten nicht heruntergeladen werden: Dieses Netz ersetzt die Zertifikate sicherer Verbindungen. Fragen Sie die Administration, oder installieren Sie die Pakete aus Dateien, die auf einem anderen Computer heruntergeladen wurden.</translation>
        </message>
        <message>
            <source>The packages could not be downloaded: this computer has no connection to the Internet, or a firewall is in the way. Try again later, or ask the administrator to let Slicer reach pypi.org, files.pythonhosted.org and download.pytorch.org.</source>
            <translation>Die Pakete konnten nicht heruntergeladen werden: Dieser Computer hat keine Verbindung zum Internet, oder eine Firewall steht im Weg. Versuchen Sie es später erneut, oder bitten Sie die Administration, für Slicer pypi.org, files.pythonhosted.org und download.pytorch.org freizugeben.</translation>
        </message>
        <message>
            <source>A package arrived damaged, or was changed on the way. Try again; if it happens again, ask the administrator.</source>
            <translation>Ein Paket kam beschädigt an oder wurde unterwegs verändert. Versuchen Sie es erneut; geschieht es wieder, fragen Sie die Administration.</translation>
        </message>
        <message>
            <source>A package needs another version of one that Slicer or another extension has installed, which is left as it is. Update Slicer, and install this extension before others.</source>
            <translation>Ein Paket braucht von einem anderen eine Version, die nicht zu der passt, die Slicer oder eine andere Erweiterung installiert hat; diese bleibt, wie sie ist. Aktualisieren Sie Slicer, und installieren Sie diese Erweiterung vor anderen.</translation>
        </message>
        <message>
            <source>The package {0} does not work with the Python of this Slicer ({1}), so there is no fitting version. Update Slicer, and try again.</source>
            <translation>Das Paket {0} läuft nicht mit dem Python dieses Slicers ({1}); es gibt also keine passende Version. Aktualisieren Sie Slicer, und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>There is no fitting version of {0} for this Slicer and this computer. Update Slicer, and try again.</source>
            <translation>Von {0} gibt es keine passende Version für diesen Slicer und diesen Computer. Aktualisieren Sie Slicer, und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>There is no fitting version of a package for this Slicer and this computer. Update Slicer, and try again.</source>
            <translation>Von einem Paket gibt es keine passende Version für diesen Slicer und diesen Computer. Aktualisieren Sie Slicer, und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>The part of Slicer that installs packages, pip, is missing. Install Slicer again.</source>
            <translation>Der Teil von Slicer, der Pakete installiert (pip), fehlt. Installieren Sie Slicer neu.</translation>
        </message>
        <message>
            <source>Another extension replaced NumPy by a version that does not fit. Install Slicer anew, then this extension before others.</source>
            <translation>Eine andere Erweiterung hat NumPy durch eine Version ersetzt, die nicht passt. Installieren Sie Slicer neu, dann diese Erweiterung vor anderen.</translation>
        </message>
        <message>
            <source>The package {0} is not installed. </source>
            <translation>Das Paket {0} ist nicht installiert. </translation>
        </message>
        <message>
            <source>PyTorch is installed but a library of it can't be loaded. On Windows install the 'Microsoft Visual C++ Redistributable'; then remove PyTorch with the PyTorch extension and install it again.</source>
            <translation>PyTorch ist installiert, aber eine seiner Bibliotheken kann nicht geladen werden. Installieren Sie unter Windows das 'Microsoft Visual C++ Redistributable'; entfernen Sie dann PyTorch mit der Erweiterung PyTorch, und installieren Sie es erneut.</translation>
        </message>
        <message>
            <source>A file or folder can't be written, or another program uses it; the log may name it. Close other windows of Slicer. If that does not help, choose another folder, or ask the administrator.</source>
            <translation>Eine Datei oder ein Ordner kann nicht geschrieben werden, oder ein anderes Programm benutzt sie; vielleicht nennt das Protokoll sie. Schließen Sie andere Fenster von Slicer. Hilft das nicht, wählen Sie einen anderen Ordner, oder fragen Sie die Administration.</translation>
        </message>
        <message>
            <source>The memory did not suffice. Close other programs, or choose another device.</source>
            <translation>Der Speicher reichte nicht. Schließen Sie andere Programme, oder wählen Sie ein anderes Gerät.</translation>
        </message>
        <message>
            <source>The extension is incomplete: its training package is missing. Install the extension DualTaskSeg again.</source>
            <translation>Die Erweiterung ist unvollständig: Ihr Trainingspaket fehlt. Installieren Sie die Erweiterung DualTaskSeg neu.</translation>
        </message>
    </context>
    <context>
        <name>dicom.exportchecks</name>
        <message>
            <source>The segmentation has no source volume.</source>
            <translation>Die Segmentierung hat kein Ausgangsvolumen.</translation>
        </message>
        <message>
            <source>Choose its volume as source geometry in the module Segmentations.</source>
            <translation>Wählen Sie im Modul Segmentations ihr Volumen als Ausgangsgeometrie.</translation>
        </message>
        <message>
            <source>The {count} file of its series is there.</source>
            <translation>Die {count} Datei der Serie ist vorhanden.</translation>
        </message>
        <message>
            <source>All {count} files of its series are there.</source>
            <translation>Alle {count} Dateien der Serie sind vorhanden.</translation>
        </message>
        <message>
            <source>{count} of {of} files of its series is not where it was.</source>
            <translation>{count} von {of} Dateien der Serie ist nicht mehr an ihrem Ort.</translation>
        </message>
        <message>
            <source>{count} of {of} files of its series are not where they were.</source>
            <translation>{count} von {of} Dateien der Serie sind nicht mehr an ihrem Ort.</translation>
        </message>
        <message>
            <source>Connect the disk, or import the series again in the module DICOM.</source>
            <translation>Schließen Sie den Datenträger an, oder importieren Sie die Serie im Modul DICOM erneut.</translation>
        </message>
        <message>
            <source>{name} was not loaded from DICOM.</source>
            <translation>{name} wurde nicht aus DICOM geladen.</translation>
        </message>
        <message>
            <source>Save it with 'Export to DICOM' in the module Data, load it from there, and segment that volume.</source>
            <translation>Speichern Sie es im Modul Data mit 'Export to DICOM', laden Sie es von dort, und segmentieren Sie dieses Volumen.</translation>
        </message>
        <message>
            <source>{name} was loaded from DICOM.</source>
            <translation>{name} wurde aus DICOM geladen.</translation>
        </message>
        <message>
            <source>{name} is under a transform, so it lies elsewhere than its DICOM files say.</source>
            <translation>{name} steht unter einer Transformation und liegt daher anders, als die DICOM-Dateien angeben.</translation>
        </message>
        <message>
            <source>Take the transform away in the module Data.</source>
            <translation>Nehmen Sie die Transformation im Modul Data weg.</translation>
        </message>
        <message>
            <source>The segmentation takes the study of its volume.</source>
            <translation>Die Segmentierung übernimmt die Studie ihres Volumens.</translation>
        </message>
        <message>
            <source>The segmentation stands in the study of its volume.</source>
            <translation>Die Segmentierung steht in der Studie ihres Volumens.</translation>
        </message>
        <message>
            <source>The segmentation stands in another study than its volume.</source>
            <translation>Die Segmentierung steht in einer anderen Studie als ihr Volumen.</translation>
        </message>
        <message>
            <source>Click Fix to move it; Slicer's own export dialog needs it there.</source>
            <translation>Klicken Sie auf Beheben, um sie zu verschieben; der Exportdialog von Slicer braucht sie dort.</translation>
        </message>
        <message>
            <source>Nothing is outlined: all segments are empty.</source>
            <translation>Nichts ist konturiert: Alle Segmente sind leer.</translation>
        </message>
        <message>
            <source>Draw in Segment Editor, or choose another result.</source>
            <translation>Zeichnen Sie im Segment Editor, oder wählen Sie ein anderes Ergebnis.</translation>
        </message>
        <message>
            <source>Two segments are called {name}.</source>
            <translation>Zwei Segmente heißen {name}.</translation>
        </message>
        <message>
            <source>Give each a name of its own in the module Segmentations.</source>
            <translation>Geben Sie im Modul Segmentations jedem einen eigenen Namen.</translation>
        </message>
        <message>
            <source>Empty, so left out: {names}.</source>
            <translation>Leer, daher ausgelassen: {names}.</translation>
        </message>
        <message>
            <source>Coded as 'Tissue', as it was chosen: {names}.</source>
            <translation>Als 'Tissue' (Gewebe) kodiert, wie gewählt: {names}.</translation>
        </message>
        <message>
            <source>Without a term of its own, so coded as 'Tissue' only: {names}.</source>
            <translation>Ohne eigenen Begriff, daher nur als 'Tissue' kodiert: {names}.</translation>
        </message>
        <message>
            <source>Click 'Choose terms'.</source>
            <translation>Klicken Sie auf „Begriffe wählen“.</translation>
        </message>
        <message>
            <source>Terms are known: {names}.</source>
            <translation>Begriffe sind bekannt: {names}.</translation>
        </message>
        <message>
            <source>It is declared MANUAL: no model made it.</source>
            <translation>Sie wird als MANUAL gekennzeichnet: Kein Modell hat sie erzeugt.</translation>
        </message>
        <message>
            <source>It is declared SEMIAUTOMATIC: outlined in part, completed by {model}.</source>
            <translation>Sie wird als SEMIAUTOMATIC gekennzeichnet: teilweise konturiert, ergänzt von {model}.</translation>
        </message>
        <message>
            <source>It is declared SEMIAUTOMATIC: made by {model}, then edited.</source>
            <translation>Sie wird als SEMIAUTOMATIC gekennzeichnet: erzeugt von {model}, dann bearbeitet.</translation>
        </message>
        <message>
            <source>It is declared AUTOMATIC: made by {model}, not edited.</source>
            <translation>Sie wird als AUTOMATIC gekennzeichnet: erzeugt von {model}, nicht bearbeitet.</translation>
        </message>
    </context>
    <context>
        <name>dicom.exportformats</name>
        <message>
            <source>DICOM segmentation (DICOM-SEG)</source>
            <translation>DICOM-Segmentierung (DICOM-SEG)</translation>
        </message>
        <message>
            <source>Save DICOM-SEG...</source>
            <translation>DICOM-SEG speichern...</translation>
        </message>
        <message>
            <source>Save DICOM-SEG</source>
            <translation>DICOM-SEG speichern</translation>
        </message>
        <message>
            <source>DICOM</source>
            <translation>DICOM</translation>
        </message>
        <message>
            <source>Contours for radiotherapy planning (RTSTRUCT)</source>
            <translation>Konturen für die Bestrahlungsplanung (RTSTRUCT)</translation>
        </message>
        <message>
            <source>Save RTSTRUCT...</source>
            <translation>RTSTRUCT speichern...</translation>
        </message>
        <message>
            <source>Save RTSTRUCT</source>
            <translation>RTSTRUCT speichern</translation>
        </message>
        <message>
            <source>Slicer segmentation with names and terms (.seg.nrrd)</source>
            <translation>Slicer-Segmentierung mit Namen und Begriffen (.seg.nrrd)</translation>
        </message>
        <message>
            <source>Save .seg.nrrd...</source>
            <translation>.seg.nrrd speichern...</translation>
        </message>
        <message>
            <source>Save the segmentation</source>
            <translation>Segmentierung speichern</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>Label map with a color table (NIfTI)</source>
            <translation>Labelkarte mit Farbtabelle (NIfTI)</translation>
        </message>
        <message>
            <source>Save NIfTI...</source>
            <translation>NIfTI speichern...</translation>
        </message>
        <message>
            <source>Save the label map</source>
            <translation>Labelkarte speichern</translation>
        </message>
        <message>
            <source>NIfTI</source>
            <translation>NIfTI</translation>
        </message>
    </context>
    <context>
        <name>dicom.exporting</name>
        <message>
            <source>{file} is a scan or a label of the project, which would be lost</source>
            <translation>{file} ist ein Scan oder eine Kontur des Projekts und ginge verloren</translation>
        </message>
        <message>
            <source>Choose another name</source>
            <translation>Wählen Sie einen anderen Namen</translation>
        </message>
    </context>
    <context>
        <name>dualtaskseg</name>
        <message>
            <source>Comparing</source>
            <translation>Wird verglichen</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
        <message>
            <source>Segmenting</source>
            <translation>Segmentierung läuft</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>Training</translation>
        </message>
        <message>
            <source>{file}, line {line}</source>
            <translation>{file}, Zeile {line}</translation>
        </message>
        <message>
            <source>{remedy}, then resume</source>
            <translation>{remedy}, dann setzen Sie das Training fort</translation>
        </message>
        <message>
            <source>{remedy}, then resume; nothing is lost</source>
            <translation>{remedy}, dann setzen Sie das Training fort; nichts ist verloren</translation>
        </message>
        <message>
            <source>Checking scan {done} of {of}</source>
            <translation>Scan {done} von {of} wird geprüft</translation>
        </message>
        <message>
            <source>Looking at labeled scan {done} of {of}</source>
            <translation>Scan {done} von {of} mit Kontur wird angesehen</translation>
        </message>
        <message>
            <source>Looking at unlabeled scan {done} of {of}</source>
            <translation>Scan {done} von {of} ohne Kontur wird angesehen</translation>
        </message>
        <message>
            <source>Looking at validation scan {done} of {of}</source>
            <translation>Scan {done} von {of} der Validierung wird angesehen</translation>
        </message>
        <message>
            <source>Preparing scan {done} of {of}</source>
            <translation>Scan {done} von {of} wird vorbereitet</translation>
        </message>
        <message>
            <source>Timing step {done} of {of}</source>
            <translation>Schritt {done} von {of} wird gemessen</translation>
        </message>
        <message>
            <source>Learning the overview step {done} of {of}</source>
            <translation>Überblick wird gelernt, Schritt {done} von {of}</translation>
        </message>
        <message>
            <source>Looking over scan {done} of {of}</source>
            <translation>Scan {done} von {of} wird überblickt</translation>
        </message>
        <message>
            <source>{folder} exists already</source>
            <translation>{folder} gibt es schon</translation>
        </message>
        <message>
            <source>Choose a folder that is new or empty</source>
            <translation>Wählen Sie einen Ordner, der neu oder leer ist</translation>
        </message>
        <message>
            <source>The model {name} finds its structures with a second, coarse pair of networks first, which MONAI bundles of this program can't do</source>
            <translation>Das Modell {name} findet seine Strukturen zuerst mit einem zweiten, groben Paar von Netzen, was MONAI-Bundles dieses Programms nicht können</translation>
        </message>
        <message>
            <source>Share the model file itself; others open it with this program</source>
            <translation>Geben Sie die Modelldatei selbst weiter; andere öffnen sie mit diesem Programm</translation>
        </message>
        <message>
            <source>PyTorch says: {error}</source>
            <translation>PyTorch sagt: {error}</translation>
        </message>
        <message>
            <source>its probabilities would differ by up to {difference}</source>
            <translation>seine Wahrscheinlichkeiten würden um bis zu {difference} abweichen</translation>
        </message>
        <message>
            <source>A model of the method "{title}" can't be made a TorchScript program ({why})</source>
            <translation>Aus einem Modell der Methode „{title}“ kann kein TorchScript-Programm gemacht werden ({why})</translation>
        </message>
        <message>
            <source>Export it as a .dtsmodel file instead, or try another version of PyTorch</source>
            <translation>Exportieren Sie es stattdessen als .dtsmodel-Datei, oder versuchen Sie es mit einer anderen Version von PyTorch</translation>
        </message>
        <message>
            <source>Use an intact copy of the run or model</source>
            <translation>Verwenden Sie eine unbeschädigte Kopie des Trainings oder Modells</translation>
        </message>
        <message>
            <source>The training plan is damaged: its "{name}" makes no sense</source>
            <translation>Der Trainingsplan ist beschädigt: „{name}“ darin ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>The training plan is damaged: its "{name}" has the setting "{unknown}", which is unknown here</source>
            <translation>Der Trainingsplan ist beschädigt: „{name}“ darin hat die Einstellung „{unknown}“, die hier unbekannt ist</translation>
        </message>
        <message>
            <source>{remedy}, or update DualTaskSeg</source>
            <translation>{remedy}, oder aktualisieren Sie DualTaskSeg</translation>
        </message>
        <message>
            <source>The training plan is damaged: the "{setting}" of its "{name}" makes no sense</source>
            <translation>Der Trainingsplan ist beschädigt: „{setting}“ in „{name}“ ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>left out</source>
            <translation>ausgelassen</translation>
        </message>
        <message>
            <source>The description of the dataset is damaged ({error})</source>
            <translation>Die Beschreibung des Datensatzes ist beschädigt ({error})</translation>
        </message>
        <message>
            <source>Write it anew</source>
            <translation>Schreiben Sie sie neu</translation>
        </message>
        <message>
            <source>{count} labeled cases were asked for, but {name} has {available}</source>
            <translation>Verlangt wurden {count} Fälle mit Kontur, aber {name} hat {available}</translation>
        </message>
        <message>
            <source>Give a number from 1 to {available}</source>
            <translation>Geben Sie eine Zahl von 1 bis {available} an</translation>
        </message>
        <message>
            <source>Add a label to at least one case</source>
            <translation>Fügen Sie mindestens einem Fall eine Kontur hinzu</translation>
        </message>
        <message>
            <source>The dataset {name} does not name its segments, so none can be chosen</source>
            <translation>Der Datensatz {name} benennt seine Segmente nicht, deshalb kann keines gewählt werden</translation>
        </message>
        <message>
            <source>Name them in {segments_file} in its folder</source>
            <translation>Benennen Sie sie in {segments_file} in seinem Ordner</translation>
        </message>
        <message>
            <source>No segment is chosen</source>
            <translation>Es ist kein Segment gewählt</translation>
        </message>
        <message>
            <source>Choose from: {known}</source>
            <translation>Wählen Sie aus: {known}</translation>
        </message>
        <message>
            <source>The dataset {name} has no segment named {name2}</source>
            <translation>Der Datensatz {name} hat kein Segment namens {name2}</translation>
        </message>
        <message>
            <source>its "{name}" makes no sense</source>
            <translation>„{name}“ darin ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>its list of scans makes no sense</source>
            <translation>seine Liste der Scans ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>{file} is damaged: {fault}</source>
            <translation>{file} ist beschädigt: {fault}</translation>
        </message>
        <message>
            <source>Put an intact copy back, from a backup of the run folder; without one, train again in another folder</source>
            <translation>Legen Sie eine unbeschädigte Kopie aus einer Sicherung des Trainingsordners zurück; gibt es keine, trainieren Sie in einem anderen Ordner neu</translation>
        </message>
        <message>
            <source>{source} names the label {name}: voxels to ignore are no structure</source>
            <translation>{source} benennt das Label {name}: Voxel, die nicht zählen sollen, sind keine Struktur</translation>
        </message>
        <message>
            <source>Where nobody looked, give voxels a value that the dataset's dataset.json or segments.json calls 'ignore', or set them to 0 in a map beside the label, NAME_seen.nii.gz; else set them to 0 in the label</source>
            <translation>Wo niemand hingesehen hat, geben Sie den Voxeln einen Wert, den dataset.json oder segments.json des Datensatzes „ignore“ nennt, oder setzen Sie sie in einer Karte neben der Labeldatei, NAME_seen.nii.gz, auf 0; sonst setzen Sie sie in der Labeldatei auf 0</translation>
        </message>
        <message>
            <source>{source} gives {name} the value {value}, but background is 0</source>
            <translation>{source} gibt {name} den Wert {value}, aber Hintergrund ist 0</translation>
        </message>
        <message>
            <source>Give background the value 0, in the list and in the labels; in 3D Slicer, remove this segment</source>
            <translation>Geben Sie dem Hintergrund in der Liste und in den Labeldateien den Wert 0; in 3D Slicer entfernen Sie dieses Segment</translation>
        </message>
        <message>
            <source>Give a folder with a dataset.json (Decathlon, nnU-Net), a folder with the subfolders images and labels, a data folder of MONAI Label, or a table cases.csv with the columns image and label</source>
            <translation>Geben Sie einen Ordner mit einer dataset.json (Decathlon, nnU-Net) an, einen Ordner mit den Unterordnern images und labels, einen Datenordner von MONAI Label, oder eine Tabelle cases.csv mit den Spalten image und label</translation>
        </message>
        <message>
            <source>{source} holds no scan</source>
            <translation>{source} enthält keinen Scan</translation>
        </message>
        <message>
            <source>The segments are those that the label files name</source>
            <translation>Die Segmente sind die, die die Labeldateien nennen</translation>
        </message>
        <message>
            <source>, which number them differently; they are told apart by their names, and numbered {numbers}</source>
            <translation>, die sie verschieden nummerieren; sie werden am Namen unterschieden und nummeriert: {numbers}</translation>
        </message>
        <message>
            <source>the scan does not say its unit of length; millimeters are assumed</source>
            <translation>der Scan sagt nicht, in welcher Einheit seine Längen sind; Millimeter werden angenommen</translation>
        </message>
        <message>
            <source>1 file does not say its</source>
            <translation>1 Datei sagt nicht, welche</translation>
        </message>
        <message>
            <source>{count} files do not say their</source>
            <translation>{count} Dateien sagen nicht, welche</translation>
        </message>
        <message>
            <source>{files} unit of length; millimeters are assumed</source>
            <translation>{files} Längeneinheit sie hat; Millimeter werden angenommen</translation>
        </message>
        <message>
            <source>the scan {text}</source>
            <translation>der Scan {text}</translation>
        </message>
        <message>
            <source>the scan has {size}</source>
            <translation>der Scan hat {size}</translation>
        </message>
        <message>
            <source>the scan is {image} by its header, but this model was trained on CT</source>
            <translation>der Scan ist laut Dateikopf {image}, dieses Modell wurde aber mit CT trainiert</translation>
        </message>
        <message>
            <source>the scan {cut}</source>
            <translation>der Scan {cut}</translation>
        </message>
        <message>
            <source>the scan does not seem to be in Hounsfield units, which this model needs: {why}</source>
            <translation>der Scan scheint nicht in Hounsfield-Einheiten zu sein, die dieses Modell braucht: {why}</translation>
        </message>
        <message>
            <source>{not_finite} voxels of the scan are no numbers; they were taken for its lowest intensity, {lowest}</source>
            <translation>{not_finite} Voxel des Scans sind keine Zahlen; sie wurden als seine kleinste Intensität, {lowest}, genommen</translation>
        </message>
        <message>
            <source>{where}: {name} has no case named {name2}</source>
            <translation>{where}: {name} hat keinen Fall namens {name2}</translation>
        </message>
        <message>
            <source>Run 'dualtaskseg check' on the dataset to see how its cases are named</source>
            <translation>Prüfen Sie den Datensatz mit „dualtaskseg check“, um zu sehen, wie seine Fälle heißen</translation>
        </message>
        <message>
            <source>{where}: the case {name} is listed twice</source>
            <translation>{where}: der Fall {name} steht zweimal in der Liste</translation>
        </message>
        <message>
            <source>Remove one of its lines</source>
            <translation>Entfernen Sie eine seiner Zeilen</translation>
        </message>
        <message>
            <source>{where}: the case {name} is to be labeled but has no label</source>
            <translation>{where}: der Fall {name} soll als mit Kontur gelten, hat aber keine</translation>
        </message>
        <message>
            <source>Give it another role, or add a label</source>
            <translation>Geben Sie ihm eine andere Rolle, oder fügen Sie eine Kontur hinzu</translation>
        </message>
        <message>
            <source>{where}: the column image is empty</source>
            <translation>{where}: die Spalte image ist leer</translation>
        </message>
        <message>
            <source>Name the scan's file</source>
            <translation>Nennen Sie die Datei des Scans</translation>
        </message>
        <message>
            <source>The table {file} names no scan</source>
            <translation>Die Tabelle {file} nennt keinen Scan</translation>
        </message>
        <message>
            <source>Name the scans' files in the column image</source>
            <translation>Nennen Sie die Dateien der Scans in der Spalte image</translation>
        </message>
        <message>
            <source>{where}: the role is labeled but no label is given</source>
            <translation>{where}: die Rolle ist labeled, aber es ist kein Label angegeben</translation>
        </message>
        <message>
            <source>Name the label file, or give another role</source>
            <translation>Nennen Sie die Labeldatei, oder geben Sie eine andere Rolle an</translation>
        </message>
        <message>
            <source>{where}: the name {name} is too long, since files are named after it</source>
            <translation>{where}: der Name {name} ist zu lang, denn nach ihm werden Dateien benannt</translation>
        </message>
        <message>
            <source>Use at most {longest_case_name} letters</source>
            <translation>Nehmen Sie höchstens {longest_case_name} Buchstaben</translation>
        </message>
        <message>
            <source>{where}: the column seen names {name}, but no label is given</source>
            <translation>{where}: die Spalte seen nennt {name}, aber es ist kein Label angegeben</translation>
        </message>
        <message>
            <source>Name the label that was outlined there, or leave the column seen empty</source>
            <translation>Nennen Sie das Label, das dort konturiert wurde, oder lassen Sie die Spalte seen leer</translation>
        </message>
        <message>
            <source>The dataset {name} has {errors} errors: {what}</source>
            <translation>Der Datensatz {name} hat {errors} Fehler: {what}</translation>
        </message>
        <message>
            <source>See them all with: dualtaskseg check "{folder}"; correct them or leave the cases out</source>
            <translation>Alle sehen Sie mit: dualtaskseg check "{folder}"; berichtigen Sie sie, oder lassen Sie die Fälle aus</translation>
        </message>
        <message>
            <source>No standard term is named for {names}, so DICOM files will call it Tissue; name it as "terminology" in {segments_file} or {dataset_file}, or choose it in 3D Slicer before you export</source>
            <translation>Für {names} ist kein Standardbegriff genannt, deshalb heißt es in DICOM-Dateien nur „Tissue“; nennen Sie ihn als „terminology“ in {segments_file} oder {dataset_file}, oder wählen Sie ihn vor dem Export in 3D Slicer</translation>
        </message>
        <message>
            <source>it is</source>
            <translation>es wird</translation>
        </message>
        <message>
            <source>they are</source>
            <translation>sie werden</translation>
        </message>
        <message>
            <source>No voxel of any label belongs to {names}, which label files list; it is left out</source>
            <translation>Kein Voxel einer Labeldatei gehört zu {names}, das Labeldateien aufführen; es wird ausgelassen</translation>
        </message>
        <message>
            <source>No voxel of any label belongs to {names}, which label files list; they are left out</source>
            <translation>Kein Voxel einer Labeldatei gehört zu {names}, die Labeldateien aufführen; sie werden ausgelassen</translation>
        </message>
        <message>
            <source>{name} is outlined in part: {share} of it was looked at</source>
            <translation>{name} ist teilweise konturiert: {share} davon wurde angesehen</translation>
        </message>
        <message>
            <source>{parts} scans are outlined in part: {least} to {most} of each was looked at</source>
            <translation>{parts} Scans sind teilweise konturiert: von jedem wurden {least} bis {most} angesehen</translation>
        </message>
        <message>
            <source>the list 'test' of {name}</source>
            <translation>der Liste „test“ von {name}</translation>
        </message>
        <message>
            <source>{file} has no list 'training' of cases</source>
            <translation>{file} hat keine Liste „training“ der Fälle</translation>
        </message>
        <message>
            <source>The scan</source>
            <translation>Der Scan</translation>
        </message>
        <message>
            <source>The {tests} scans</source>
            <translation>Die {tests} Scans</translation>
        </message>
        <message>
            <source>{scans} in {where} is left out; the option --include-test learns from them as unlabeled scans</source>
            <translation>{scans} in {where} wird ausgelassen; mit der Option --include-test wird aus ihm als Scan ohne Kontur gelernt</translation>
        </message>
        <message>
            <source>{scans} in {where} are left out; the option --include-test learns from them as unlabeled scans</source>
            <translation>{scans} in {where} werden ausgelassen; mit der Option --include-test wird aus ihnen als Scans ohne Kontur gelernt</translation>
        </message>
        <message>
            <source>{file} is not a description of a dataset</source>
            <translation>{file} ist keine Beschreibung eines Datensatzes</translation>
        </message>
        <message>
            <source>{file} lists a case that names no image file: {item}</source>
            <translation>{file} führt einen Fall auf, der keine Bilddatei nennt: {item}</translation>
        </message>
        <message>
            <source>Write each case as {"image": "...", "label": "..."}; scans in several files are not supported</source>
            <translation>Schreiben Sie jeden Fall als {"image": "...", "label": "..."}; Scans in mehreren Dateien werden nicht unterstützt</translation>
        </message>
        <message>
            <source>{file}: the label of {image} is not a file name</source>
            <translation>{file}: das Label von {image} ist kein Dateiname</translation>
        </message>
        <message>
            <source>Give one label file for each case</source>
            <translation>Geben Sie jedem Fall eine Labeldatei</translation>
        </message>
        <message>
            <source>If that is not so, correct the scan, for example in 3D Slicer, and save it as .nrrd</source>
            <translation>Ist das nicht so, berichtigen Sie den Scan, zum Beispiel in 3D Slicer, und speichern Sie ihn als .nrrd</translation>
        </message>
        <message>
            <source>{file} is too large for the memory</source>
            <translation>{file} ist zu groß für den Arbeitsspeicher</translation>
        </message>
        <message>
            <source>Crop the scan</source>
            <translation>Schneiden Sie den Scan zu</translation>
        </message>
        <message>
            <source>{file} can't be read ({reason})</source>
            <translation>{file} kann nicht gelesen werden ({reason})</translation>
        </message>
        <message>
            <source>Check the file</source>
            <translation>Prüfen Sie die Datei</translation>
        </message>
        <message>
            <source>{seen} says that nobody looked at {added} voxels that {label} outlines</source>
            <translation>Nach {seen} hat niemand die {added} Voxel angesehen, die {label} konturiert</translation>
        </message>
        <message>
            <source>They are taken for looked at; correct the map if they are not meant</source>
            <translation>Sie gelten als angesehen; berichtigen Sie die Karte, wenn sie nicht gemeint sind</translation>
        </message>
        <message>
            <source>very long voxels of {spacing} mm</source>
            <translation>sehr lange Voxel von {spacing} mm</translation>
        </message>
        <message>
            <source>very large voxels of {spacing} mm</source>
            <translation>sehr große Voxel von {spacing} mm</translation>
        </message>
        <message>
            <source>its values from {minimum} to {maximum} leave the range of CT</source>
            <translation>seine Werte von {minimum} bis {maximum} liegen außerhalb des Bereichs von CT</translation>
        </message>
        <message>
            <source>its lowest value is {minimum}, so it shows no air, which is at -1000 HU</source>
            <translation>sein kleinster Wert ist {minimum}, er zeigt also keine Luft, die bei -1000 HU liegt</translation>
        </message>
        <message>
            <source>its values end at {value}, so it shows no tissue, which is near 0 HU</source>
            <translation>seine Werte enden bei {value}, er zeigt also kein Gewebe, das bei 0 HU liegt</translation>
        </message>
        <message>
            <source>its median is {median}, that of the other scans {middle}</source>
            <translation>sein Median ist {median}, der der anderen Scans {middle}</translation>
        </message>
        <message>
            <source>holds the value 32767, where numbers of 16 bits end: what is brighter, such as metal, was cut off there</source>
            <translation>enthält den Wert 32767, wo Zahlen von 16 Bit enden: was heller ist, etwa Metall, wurde dort abgeschnitten</translation>
        </message>
        <message>
            <source>its air lies at about {air} and its tissue at {tissue}, those of the other scans at {usual_air} and {usual_tissue}, so its numbers may be shifted by about {shift}</source>
            <translation>seine Luft liegt bei etwa {air} und sein Gewebe bei {tissue}, die der anderen Scans bei {usual_air} und {usual_tissue}; seine Zahlen könnten also um etwa {shift} verschoben sein</translation>
        </message>
        <message>
            <source>The folder {images} holds no scan but {files}: {why}</source>
            <translation>Der Ordner {images} enthält keinen Scan außer {files}: {why}</translation>
        </message>
        <message>
            <source>{parent} holds several images of one scan, such as {name}</source>
            <translation>{parent} enthält mehrere Bilder eines Scans, etwa {name}</translation>
        </message>
        <message>
            <source>Keep one image of each scan; images of several kinds at once are not supported</source>
            <translation>Behalten Sie ein Bild von jedem Scan; mehrere Arten von Bildern auf einmal werden nicht unterstützt</translation>
        </message>
        <message>
            <source>{parent} holds two files for the case {stem}: {name} and {name2}</source>
            <translation>{parent} enthält zwei Dateien für den Fall {stem}: {name} und {name2}</translation>
        </message>
        <message>
            <source>Remove or rename one of them</source>
            <translation>Entfernen Sie eine davon, oder benennen Sie sie um</translation>
        </message>
        <message>
            <source>{scan} holds absurd intensities, from {lowest} to {highest}</source>
            <translation>{scan} enthält unsinnige Intensitäten, von {lowest} bis {highest}</translation>
        </message>
        <message>
            <source>Replace such voxels, for example by the scan's lowest sensible value, and save the scan again</source>
            <translation>Ersetzen Sie solche Voxel, zum Beispiel durch den kleinsten sinnvollen Wert des Scans, und speichern Sie ihn neu</translation>
        </message>
        <message>
            <source>The label {label} holds {values} different values, so it seems to be a scan</source>
            <translation>Die Labeldatei {label} enthält {values} verschiedene Werte und scheint also ein Scan zu sein</translation>
        </message>
        <message>
            <source>Check that image and label were not mixed up; if so many structures are outlined, name them in {segments_file}</source>
            <translation>Prüfen Sie, ob Scan und Labeldatei vertauscht wurden; sind so viele Strukturen konturiert, benennen Sie sie in {segments_file}</translation>
        </message>
        <message>
            <source>The label {label} holds values that the dataset does not name: {unknown}</source>
            <translation>Die Labeldatei {label} enthält Werte, die der Datensatz nicht benennt: {unknown}</translation>
        </message>
        <message>
            <source>Name them as segments of the dataset, or remove them from the label</source>
            <translation>Benennen Sie sie als Segmente des Datensatzes, oder entfernen Sie sie aus der Labeldatei</translation>
        </message>
        <message>
            <source>The label {label} holds negative values: {negative}</source>
            <translation>Die Labeldatei {label} enthält negative Werte: {negative}</translation>
        </message>
        <message>
            <source>Use 0 for background and whole numbers from 1 for segments</source>
            <translation>Nehmen Sie 0 für den Hintergrund und ganze Zahlen ab 1 für Segmente</translation>
        </message>
        <message>
            <source>The label {label} is empty: it holds no voxel of any segment</source>
            <translation>Die Labeldatei {label} ist leer: sie enthält kein Voxel eines Segments</translation>
        </message>
        <message>
            <source>This is right if the scan shows none of them; else outline them, or make the case unlabeled</source>
            <translation>Das ist richtig, wenn der Scan keines zeigt; sonst konturieren Sie sie, oder geben Sie dem Fall die Rolle ohne Kontur</translation>
        </message>
        <message>
            <source>The label {label} has no background: all of its voxels belong to segments</source>
            <translation>Die Labeldatei {label} hat keinen Hintergrund: alle ihre Voxel gehören zu Segmenten</translation>
        </message>
        <message>
            <source>This is right if the segments fill all of the scan; else give the value 0 to what is none of them</source>
            <translation>Das ist richtig, wenn die Segmente den ganzen Scan füllen; sonst geben Sie dem, was zu keinem gehört, den Wert 0</translation>
        </message>
        <message>
            <source>The dataset {name} has no labeled case</source>
            <translation>Der Datensatz {name} hat keinen Fall mit Kontur</translation>
        </message>
        <message>
            <source>Outline the structure on at least one scan, and save it as that case's label</source>
            <translation>Konturieren Sie die Struktur auf mindestens einem Scan, und speichern Sie sie als Label dieses Falls</translation>
        </message>
        <message>
            <source>No label of the dataset {name} holds a segment: there is nothing to learn</source>
            <translation>Keine Labeldatei des Datensatzes {name} enthält ein Segment: es gibt nichts zu lernen</translation>
        </message>
        <message>
            <source>Outline the structure on at least one scan, and check that the labels belong to this dataset</source>
            <translation>Konturieren Sie die Struktur auf mindestens einem Scan, und prüfen Sie, ob die Labeldateien zu diesem Datensatz gehören</translation>
        </message>
        <message>
            <source>No label holds the segment {name} (value {value}), so it can't be learned</source>
            <translation>Keine Labeldatei enthält das Segment {name} (Wert {value}), deshalb kann es nicht gelernt werden</translation>
        </message>
        <message>
            <source>Outline it on at least one scan, or choose only the other segments</source>
            <translation>Konturieren Sie es auf mindestens einem Scan, oder wählen Sie nur die anderen Segmente</translation>
        </message>
        <message>
            <source>Training chooses a finer grid where that costs little, and tells what is lost; train on scans of similar voxel size, or leave this case out</source>
            <translation>Das Training wählt ein feineres Gitter, wo das wenig kostet, und sagt, was verloren geht; trainieren Sie mit Scans ähnlicher Voxelgröße, oder lassen Sie diesen Fall aus</translation>
        </message>
        <message>
            <source>The label {label} does not tell which segments its values mean, others of the dataset do</source>
            <translation>Die Labeldatei {label} sagt nicht, welche Segmente ihre Werte bedeuten, andere des Datensatzes sagen es</translation>
        </message>
        <message>
            <source>Name the segments and their values in {segments_file}, or save it as .seg.nrrd</source>
            <translation>Benennen Sie die Segmente und ihre Werte in {segments_file}, oder speichern Sie sie als .seg.nrrd</translation>
        </message>
        <message>
            <source>{what}; theirs are assumed: {names}</source>
            <translation>{what}; angenommen werden für sie die von: {names}</translation>
        </message>
        <message>
            <source>{what}, but number them differently</source>
            <translation>{what}, nummerieren sie aber verschieden</translation>
        </message>
        <message>
            <source>The dataset {name}</source>
            <translation>den Datensatz {name}</translation>
        </message>
        <message>
            <source>The dataset {name} has {segments} segments, but at most {most_segments} can be learned at once</source>
            <translation>Der Datensatz {name} hat {segments} Segmente, aber höchstens {most_segments} können auf einmal gelernt werden</translation>
        </message>
        <message>
            <source>Choose some of them with the option --segments, or join them</source>
            <translation>Wählen Sie einige davon, oder vereinigen Sie welche (auf der Kommandozeile mit --segments)</translation>
        </message>
        <message>
            <source>The labels hold the value {value}, which often stands for voxels to ignore; it is taken for a structure, as the dataset names none</source>
            <translation>Die Labeldateien enthalten den Wert {value}, der oft für Voxel steht, die nicht zählen; er gilt als Struktur, denn der Datensatz benennt keine</translation>
        </message>
        <message>
            <source>Name the structures in {segments_file}, or set these voxels to 0</source>
            <translation>Benennen Sie die Strukturen in {segments_file}, oder setzen Sie diese Voxel auf 0</translation>
        </message>
        <message>
            <source>The label {path} gives its segment {name} the value {value} in the layer {layer}</source>
            <translation>Die Labeldatei {path} gibt ihrem Segment {name} den Wert {value} in der Ebene {layer}</translation>
        </message>
        <message>
            <source>Save it again in 3D Slicer</source>
            <translation>Speichern Sie sie in 3D Slicer noch einmal</translation>
        </message>
        <message>
            <source>The label {path} gives two segments, {name} and {name2}, the same value {value}</source>
            <translation>Die Labeldatei {path} gibt zwei Segmenten, {name} und {name2}, denselben Wert {value}</translation>
        </message>
        <message>
            <source>{path} can't be read ({value})</source>
            <translation>{path} kann nicht gelesen werden ({value})</translation>
        </message>
        <message>
            <source>Check its permissions</source>
            <translation>Prüfen Sie die Zugriffsrechte</translation>
        </message>
        <message>
            <source>The label {path} has segments that overlap: {taken} voxels of {name} belong to another, such as {other}</source>
            <translation>Die Labeldatei {path} hat Segmente, die sich überdecken: {taken} Voxel von {name} gehören auch zu einem anderen, etwa {other}</translation>
        </message>
        <message>
            <source>Let each voxel belong to one of them: take it from the others in 3D Slicer's Segment Editor, with the effect Logical operators, and save the segmentation again</source>
            <translation>Lassen Sie jedes Voxel zu nur einem gehören: nehmen Sie es im Segment Editor von 3D Slicer mit dem Effekt Logical operators von den anderen weg, und speichern Sie die Segmentierung noch einmal</translation>
        </message>
        <message>
            <source>The label {path} holds the value {nameless} in its layer {index}, which no segment has</source>
            <translation>Die Labeldatei {path} enthält in ihrer Ebene {index} den Wert {nameless}, den kein Segment hat</translation>
        </message>
        <message>
            <source>Save it again from the program that it was drawn with</source>
            <translation>Speichern Sie sie noch einmal mit dem Programm, mit dem sie gezeichnet wurde</translation>
        </message>
        <message>
            <source>Scans are mirrored from left to right, since {reason}</source>
            <translation>Scans werden von links nach rechts gespiegelt, denn {reason}</translation>
        </message>
        <message>
            <source>Scans are not mirrored from left to right, since {reason}</source>
            <translation>Scans werden nicht von links nach rechts gespiegelt, denn {reason}</translation>
        </message>
        <message>
            <source>the segments {one} and {other} may be a pair, left and right</source>
            <translation>die Segmente {one} und {other} könnten ein Paar sein, links und rechts</translation>
        </message>
        <message>
            <source>no segment's name or code tells a side, and no label looks like one of a left and a right structure</source>
            <translation>kein Name oder Code eines Segments nennt eine Seite, und kein Label sieht aus wie eines einer linken und einer rechten Struktur</translation>
        </message>
        <message>
            <source>the segment {name} is named or coded by its side</source>
            <translation>das Segment {name} ist nach seiner Seite benannt oder codiert</translation>
        </message>
        <message>
            <source>the segments {first} and {second} may be a pair, left and right</source>
            <translation>die Segmente {first} und {second} könnten ein Paar sein, links und rechts</translation>
        </message>
        <message>
            <source>the segment {name} has no name that tells what it is, so it may be one of a pair</source>
            <translation>das Segment {name} hat keinen Namen, der sagt, was es ist, es könnte also eines von einem Paar sein</translation>
        </message>
        <message>
            <source>{names} and {names2} are near mirror images of each other in {alike} of {with_both} labels, so they are taken for a left and a right structure</source>
            <translation>{names} und {names2} sind in {alike} von {with_both} Labeldateien fast Spiegelbilder voneinander und gelten deshalb als linke und rechte Struktur</translation>
        </message>
        <message>
            <source>{names} and {names2} are nowhere outlined whole, so that they may be a left and a right structure</source>
            <translation>{names} und {names2} sind nirgends ganz konturiert und könnten eine linke und eine rechte Struktur sein</translation>
        </message>
        <message>
            <source>{name} lies on the same side of the middle in all labels, so that the other side may show its counterpart</source>
            <translation>{name} liegt in allen Labeldateien auf derselben Seite der Mitte, die andere Seite könnte also das Gegenstück zeigen</translation>
        </message>
        <message>
            <source>The dataset {path} does not exist</source>
            <translation>Den Datensatz {path} gibt es nicht</translation>
        </message>
        <message>
            <source>Check the path</source>
            <translation>Prüfen Sie den Pfad</translation>
        </message>
        <message>
            <source>{path} is not a dataset</source>
            <translation>{path} ist kein Datensatz</translation>
        </message>
        <message>
            <source>{path} is not a dataset: it holds no dataset.json, no cases.csv and no folder images</source>
            <translation>{path} ist kein Datensatz: darin ist keine dataset.json, keine cases.csv und kein Ordner images</translation>
        </message>
        <message>
            <source>{where}: the name {name} can't be used, since files are named after it</source>
            <translation>{where}: der Name {name} ist nicht brauchbar, denn nach ihm werden Dateien benannt</translation>
        </message>
        <message>
            <source>Use letters, digits, spaces, - and _</source>
            <translation>Nehmen Sie Buchstaben, Ziffern, Leerzeichen, - und _</translation>
        </message>
        <message>
            <source>The table {file} does not exist</source>
            <translation>Die Tabelle {file} gibt es nicht</translation>
        </message>
        <message>
            <source>The table {file} can't be read ({strerror})</source>
            <translation>Die Tabelle {file} kann nicht gelesen werden ({strerror})</translation>
        </message>
        <message>
            <source>The table {file} is not UTF-8 text</source>
            <translation>Die Tabelle {file} ist kein Text in UTF-8</translation>
        </message>
        <message>
            <source>Save it as 'CSV UTF-8'</source>
            <translation>Speichern Sie sie als „CSV UTF-8“</translation>
        </message>
        <message>
            <source>{file}, line {line_num}: {cells} values for {columns} columns</source>
            <translation>{file}, Zeile {line_num}: {cells} Werte für {columns} Spalten</translation>
        </message>
        <message>
            <source>Put a file name that contains the separator between double quotes</source>
            <translation>Setzen Sie einen Dateinamen, der das Trennzeichen enthält, in Anführungszeichen</translation>
        </message>
        <message>
            <source>Save the table as CSV again</source>
            <translation>Speichern Sie die Tabelle noch einmal als CSV</translation>
        </message>
        <message>
            <source>The table {file} has no column {missing}</source>
            <translation>Die Tabelle {file} hat keine Spalte {missing}</translation>
        </message>
        <message>
            <source>Its first line must name the columns: {required}</source>
            <translation>Ihre erste Zeile muss die Spalten nennen: {required}</translation>
        </message>
        <message>
            <source>{where}: the role {text} is unknown</source>
            <translation>{where}: die Rolle {text} ist unbekannt</translation>
        </message>
        <message>
            <source>Use one of: {roles}</source>
            <translation>Nehmen Sie eine von: {roles}</translation>
        </message>
        <message>
            <source>{file} can't be read ({strerror})</source>
            <translation>{file} kann nicht gelesen werden ({strerror})</translation>
        </message>
        <message>
            <source>{file} is not a UTF-8 text file in the JSON format</source>
            <translation>{file} ist keine UTF-8-Textdatei im Format JSON</translation>
        </message>
        <message>
            <source>{file} is not correct JSON: {msg} in line {lineno}</source>
            <translation>{file} ist kein richtiges JSON: {msg} in Zeile {lineno}</translation>
        </message>
        <message>
            <source>Correct it</source>
            <translation>Berichtigen Sie das</translation>
        </message>
        <message>
            <source>{file} names {args} twice</source>
            <translation>{file} nennt {args} zweimal</translation>
        </message>
        <message>
            <source>Keep one of the two</source>
            <translation>Behalten Sie eines von beiden</translation>
        </message>
        <message>
            <source>{file} holds a number that is far too large</source>
            <translation>{file} enthält eine Zahl, die viel zu groß ist</translation>
        </message>
        <message>
            <source>{file}: {key} is not a list of cases</source>
            <translation>{file}: {key} ist keine Liste von Fällen</translation>
        </message>
        <message>
            <source>Write it as a list</source>
            <translation>Schreiben Sie es als Liste</translation>
        </message>
        <message>
            <source>The label {path} holds the value {value}, but names only {named_so}</source>
            <translation>Die Labeldatei {path} enthält den Wert {value}, benennt aber nur {named_so}</translation>
        </message>
        <message>
            <source>The label {path} has two segments that mean the same: {name} (value {value}) and {name2} (value {value2})</source>
            <translation>Die Labeldatei {path} hat zwei Segmente, die dasselbe bedeuten: {name} (Wert {value}) und {name2} (Wert {value2})</translation>
        </message>
        <message>
            <source>Give each a name of its own, or make one segment of them</source>
            <translation>Geben Sie jedem einen eigenen Namen, oder machen Sie daraus ein Segment</translation>
        </message>
        <message>
            <source>The label {path} has two segments named {name} (values {value} and {value2})</source>
            <translation>Die Labeldatei {path} hat zwei Segmente namens {name} (Werte {value} und {value2})</translation>
        </message>
        <message>
            <source>The label {path} calls its value {value} {name}, which is none of the dataset's segments: {known}</source>
            <translation>Die Labeldatei {path} nennt ihren Wert {value} {name}; das ist keines der Segmente des Datensatzes: {known}</translation>
        </message>
        <message>
            <source>Rename the segment in 3D Slicer's Segment Editor, or name it in the dataset's list of segments</source>
            <translation>Benennen Sie das Segment im Segment Editor von 3D Slicer um, oder nehmen Sie es in die Liste der Segmente des Datensatzes auf</translation>
        </message>
        <message>
            <source>{file} is not a list of MONAI Label</source>
            <translation>{file} ist keine Liste von MONAI Label</translation>
        </message>
        <message>
            <source>Correct it, or move it away</source>
            <translation>Berichtigen Sie sie, oder schaffen Sie sie weg</translation>
        </message>
        <message>
            <source>{file} names the folder {images} for scans, which does not exist</source>
            <translation>{file} nennt den Ordner {images} für Scans, den es nicht gibt</translation>
        </message>
        <message>
            <source>{file}: {key} is {given}, not a folder's name</source>
            <translation>{file}: {key} ist {given}, kein Name eines Ordners</translation>
        </message>
        <message>
            <source>1 label in labels/original is</source>
            <translation>1 Label in labels/original ist</translation>
        </message>
        <message>
            <source>{count} labels in labels/original are</source>
            <translation>{count} Label in labels/original sind</translation>
        </message>
        <message>
            <source>{which} left out: a model made them, and nobody approved them; labels/final counts</source>
            <translation>{which} ausgelassen: ein Modell hat sie gemacht, und niemand hat sie bestätigt; labels/final gilt</translation>
        </message>
        <message>
            <source>{file} gives the structure {name} the value {value} in {case}, unlike in other scans</source>
            <translation>{file} gibt der Struktur {name} den Wert {value} in {case}, anders als in anderen Scans</translation>
        </message>
        <message>
            <source>Make the labels alike, and write a segments.json that names their values</source>
            <translation>Gleichen Sie die Labeldateien an, und schreiben Sie eine segments.json, die ihre Werte benennt</translation>
        </message>
        <message>
            <source>{file}: 'file_ending' is {ending}</source>
            <translation>{file}: „file_ending“ ist {ending}</translation>
        </message>
        <message>
            <source>Write it as ".nii.gz"</source>
            <translation>Schreiben Sie es als ".nii.gz"</translation>
        </message>
        <message>
            <source>{file}: the scans are files that end in {ending}, which are no 3D scans with a voxel size</source>
            <translation>{file}: die Scans sind Dateien, die auf {ending} enden; das sind keine 3D-Scans mit einer Voxelgröße</translation>
        </message>
        <message>
            <source>Convert them to .nii.gz, and change 'file_ending'</source>
            <translation>Wandeln Sie sie in .nii.gz um, und ändern Sie „file_ending“</translation>
        </message>
        <message>
            <source>{named} in {where} are left out, since 'file_ending' of {name} is {ending}</source>
            <translation>{named} in {where} werden ausgelassen, denn „file_ending“ von {name} ist {ending}</translation>
        </message>
        <message>
            <source>{named} in {where} is left out, since 'file_ending' of {name} is {ending}</source>
            <translation>{named} in {where} wird ausgelassen, denn „file_ending“ von {name} ist {ending}</translation>
        </message>
        <message>
            <source>Write it as {"case": {"images": ["case_0000.nii.gz"], "label": "case.nii.gz"}}</source>
            <translation>Schreiben Sie es als {"case": {"images": ["case_0000.nii.gz"], "label": "case.nii.gz"}}</translation>
        </message>
        <message>
            <source>{file}: {cases} is not a list of cases</source>
            <translation>{file}: {cases} ist keine Liste von Fällen</translation>
        </message>
        <message>
            <source>{file}: the case {name} names no images</source>
            <translation>{file}: der Fall {name} nennt keine Bilder</translation>
        </message>
        <message>
            <source>{file}: the case {name} has {images} images</source>
            <translation>{file}: der Fall {name} hat {images} Bilder</translation>
        </message>
        <message>
            <source>{file}: the label of {name} is not a file name</source>
            <translation>{file}: das Label von {name} ist kein Dateiname</translation>
        </message>
        <message>
            <source>Nothing of the scan was looked at, says {value}</source>
            <translation>Vom Scan wurde nach {value} nichts angesehen</translation>
        </message>
        <message>
            <source>Set the map to 1 where the scan was looked at; or make the case unlabeled</source>
            <translation>Setzen Sie die Karte auf 1, wo der Scan angesehen wurde; oder geben Sie dem Fall die Rolle ohne Kontur</translation>
        </message>
        <message>
            <source>The label</source>
            <translation>Die Labeldatei</translation>
        </message>
        <message>
            <source>The map of what was looked at</source>
            <translation>Die Karte des Angesehenen</translation>
        </message>
        <message>
            <source>the label has</source>
            <translation>die Labeldatei hat</translation>
        </message>
        <message>
            <source>the map has</source>
            <translation>die Karte hat</translation>
        </message>
        <message>
            <source>the label</source>
            <translation>die Labeldatei</translation>
        </message>
        <message>
            <source>the map</source>
            <translation>die Karte</translation>
        </message>
        <message>
            <source>The volume of {segment} in {case} changes from {volume} to {volume_after} mm3 at {size} mm: it is hardly larger than such voxels</source>
            <translation>Das Volumen von {segment} in {case} ändert sich bei {size} mm von {volume} auf {volume_after} mm3: es ist kaum größer als solche Voxel</translation>
        </message>
        <message>
            <source>The only part</source>
            <translation>Der einzige Teil</translation>
        </message>
        <message>
            <source>{lost} of {count} parts</source>
            <translation>{lost} von {count} Teilen</translation>
        </message>
        <message>
            <source>{which} of {segment} in {case} is lost at {size} mm ({volume_lost} of {volume} mm3): no voxel of this size meets them</source>
            <translation>{which} von {segment} in {case} geht bei {size} mm verloren ({volume_lost} von {volume} mm3): kein Voxel dieser Größe trifft ihn</translation>
        </message>
        <message>
            <source>{which} of {segment} in {case} are lost at {size} mm ({volume_lost} of {volume} mm3): no voxel of this size meets them</source>
            <translation>{which} von {segment} in {case} gehen bei {size} mm verloren ({volume_lost} von {volume} mm3): kein Voxel dieser Größe trifft sie</translation>
        </message>
        <message>
            <source>the dataset is {usual}</source>
            <translation>der Datensatz ist {usual}</translation>
        </message>
        <message>
            <source>other scans are {usual}</source>
            <translation>andere Scans sind {usual}</translation>
        </message>
        <message>
            <source>{image} is {modality} by its header, but {others}</source>
            <translation>{image} ist laut Dateikopf {modality}, aber {others}</translation>
        </message>
        <message>
            <source>Leave the case out, unless scans of both kinds are meant</source>
            <translation>Lassen Sie den Fall aus, wenn nicht Scans beider Arten gemeint sind</translation>
        </message>
        <message>
            <source>Export it again with all its values, if it was not scanned so; look at what lies beside the metal</source>
            <translation>Exportieren Sie ihn noch einmal mit allen Werten, wenn er nicht so aufgenommen wurde; sehen Sie nach, was neben dem Metall liegt</translation>
        </message>
        <message>
            <source>{image} is CT, but does not seem to be in Hounsfield units: {why}</source>
            <translation>{image} ist CT, scheint aber nicht in Hounsfield-Einheiten zu sein: {why}</translation>
        </message>
        <message>
            <source>Export or convert it again with its rescale slope and intercept, or leave the case out</source>
            <translation>Exportieren oder wandeln Sie ihn neu um, mit Rescale Slope und Intercept, oder lassen Sie den Fall aus</translation>
        </message>
        <message>
            <source>{image} has an absurd voxel size of {spacing} mm</source>
            <translation>{image} hat eine unsinnige Voxelgröße von {spacing} mm</translation>
        </message>
        <message>
            <source>Correct the voxel size, which must be in millimeters, and save the scan again</source>
            <translation>Berichtigen Sie die Voxelgröße, die in Millimetern sein muss, und speichern Sie den Scan neu</translation>
        </message>
        <message>
            <source>Check the voxel size; leave the case out if it is wrong</source>
            <translation>Prüfen Sie die Voxelgröße; lassen Sie den Fall aus, wenn sie falsch ist</translation>
        </message>
        <message>
            <source>{image} holds voxels that are no numbers: {nan_count} not a number (NaN), {infinite_count} infinite</source>
            <translation>{image} enthält Voxel, die keine Zahlen sind: {nan_count} keine Zahl (NaN), {infinite_count} unendlich</translation>
        </message>
        <message>
            <source>Replace them, for example by the scan's lowest value, or leave the case out</source>
            <translation>Ersetzen Sie sie, zum Beispiel durch den kleinsten Wert des Scans, oder lassen Sie den Fall aus</translation>
        </message>
        <message>
            <source>{image} has the same value {minimum} in all voxels, so it shows nothing</source>
            <translation>{image} hat in allen Voxeln denselben Wert {minimum} und zeigt also nichts</translation>
        </message>
        <message>
            <source>Save the scan again, or leave the case out</source>
            <translation>Speichern Sie den Scan neu, oder lassen Sie den Fall aus</translation>
        </message>
        <message>
            <source>map of what was looked at</source>
            <translation>Karte des Angesehenen</translation>
        </message>
        <message>
            <source>{file} is the {kind} of the case {name} and the {first_kind} of the case {name2}</source>
            <translation>{file} ist: {kind} des Falls {name}, und {first_kind} des Falls {name2}</translation>
        </message>
        <message>
            <source>Give each case files of its own, or remove one of the cases</source>
            <translation>Geben Sie jedem Fall eigene Dateien, oder entfernen Sie einen der Fälle</translation>
        </message>
        <message>
            <source>, and is both labeled and unlabeled</source>
            <translation>, und ist zugleich mit und ohne Kontur</translation>
        </message>
        <message>
            <source>{image} shows the same scan as {others}, and is both labeled and unlabeled</source>
            <translation>{image} zeigt denselben Scan wie {others}, und ist zugleich mit und ohne Kontur</translation>
        </message>
        <message>
            <source>{image} shows the same scan as {others}</source>
            <translation>{image} zeigt denselben Scan wie {others}</translation>
        </message>
        <message>
            <source>Leave all but one of them out</source>
            <translation>Lassen Sie alle bis auf einen aus</translation>
        </message>
        <message>
            <source>{image} is far smaller than the other scans: it covers {own} mm from left to right, front to back, head to foot, the others {usual} mm</source>
            <translation>{image} ist viel kleiner als die anderen Scans: er umfasst {own} mm von links nach rechts, vorn nach hinten, Kopf nach Fuß, die anderen {usual} mm</translation>
        </message>
        <message>
            <source>{image} is far larger than the other scans: it covers {own} mm from left to right, front to back, head to foot, the others {usual} mm</source>
            <translation>{image} ist viel größer als die anderen Scans: er umfasst {own} mm von links nach rechts, vorn nach hinten, Kopf nach Fuß, die anderen {usual} mm</translation>
        </message>
        <message>
            <source>Check its voxel size and whether it shows the same part of the body</source>
            <translation>Prüfen Sie seine Voxelgröße, und ob er denselben Körperteil zeigt</translation>
        </message>
        <message>
            <source>The voxels of the scans differ much ({ranges} mm from left to right, front to back, head to foot); all are brought to about {usual} mm</source>
            <translation>Die Voxel der Scans sind sehr verschieden ({ranges} mm von links nach rechts, vorn nach hinten, Kopf nach Fuß); alle werden auf etwa {usual} mm gebracht</translation>
        </message>
        <message>
            <source>The folder {top} can't be read ({strerror})</source>
            <translation>Der Ordner {top} kann nicht gelesen werden ({strerror})</translation>
        </message>
        <message>
            <source>Choose another folder</source>
            <translation>Wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>The DICOM files in {path} can't be read</source>
            <translation>Die DICOM-Dateien in {path} können nicht gelesen werden</translation>
        </message>
        <message>
            <source>{argument} does not exist</source>
            <translation>{argument} gibt es nicht</translation>
        </message>
        <message>
            <source>The folder {folder} holds no scan but {files}: {why}</source>
            <translation>Der Ordner {folder} enthält keinen Scan außer {files}: {why}</translation>
        </message>
        <message>
            <source>The folder {folder} holds no scan</source>
            <translation>Der Ordner {folder} enthält keinen Scan</translation>
        </message>
        <message>
            <source>Give a folder with image files such as .nii.gz, or a DICOM series</source>
            <translation>Geben Sie einen Ordner mit Bilddateien wie .nii.gz an, oder eine DICOM-Serie</translation>
        </message>
        <message>
            <source>{file}: 'labels' is not a list of names and values</source>
            <translation>{file}: „labels“ ist keine Liste von Namen und Werten</translation>
        </message>
        <message>
            <source>Write it as {"1": "Liver"}</source>
            <translation>Schreiben Sie es als {"1": "Liver"}</translation>
        </message>
        <message>
            <source>Correct the file, or move it away</source>
            <translation>Berichtigen Sie die Datei, oder schaffen Sie sie weg</translation>
        </message>
        <message>
            <source>{file} does not tell what segments are called</source>
            <translation>{file} sagt nicht, wie Segmente heißen</translation>
        </message>
        <message>
            <source>{file} is not a list of segments</source>
            <translation>{file} ist keine Liste von Segmenten</translation>
        </message>
        <message>
            <source>Write it as [{"name": "Liver", "value": 1}]</source>
            <translation>Schreiben Sie es als [{"name": "Liver", "value": 1}]</translation>
        </message>
        <message>
            <source>{file}: a segment has no name: {item}</source>
            <translation>{file}: ein Segment hat keinen Namen: {item}</translation>
        </message>
        <message>
            <source>Give each segment a name and a value</source>
            <translation>Geben Sie jedem Segment einen Namen und einen Wert</translation>
        </message>
        <message>
            <source>{file}: the name {name} of a segment holds signs that are no text</source>
            <translation>{file}: der Name {name} eines Segments enthält Zeichen, die kein Text sind</translation>
        </message>
        <message>
            <source>{file}: the value of the segment {name} is {value}, which is too large</source>
            <translation>{file}: der Wert des Segments {name} ist {value}; das ist zu groß</translation>
        </message>
        <message>
            <source>Give it a value below 1000000000, in the list and in the labels</source>
            <translation>Geben Sie ihm in der Liste und in den Labeldateien einen Wert unter 1000000000</translation>
        </message>
        <message>
            <source>{file}: the value of the segment {name} is {value}</source>
            <translation>{file}: der Wert des Segments {name} ist {value}</translation>
        </message>
        <message>
            <source>Give each segment one whole number as its value; 0 is background; regions of several values, as nnU-Net has them, overlap and are not learned</source>
            <translation>Geben Sie jedem Segment eine ganze Zahl als Wert; 0 ist Hintergrund; Bereiche mit mehreren Werten, wie nnU-Net sie hat, überdecken sich und werden nicht gelernt</translation>
        </message>
        <message>
            <source>{file} names no structure, but only voxels to ignore</source>
            <translation>{file} benennt keine Struktur, nur Voxel, die nicht zählen</translation>
        </message>
        <message>
            <source>Name the structures, each with its value, as well</source>
            <translation>Benennen Sie auch die Strukturen, jede mit ihrem Wert</translation>
        </message>
        <message>
            <source>{file}: two segments have the {what} {twice}</source>
            <translation>{file}: zwei Segmente haben denselben {what}: {twice}</translation>
        </message>
        <message>
            <source>Give each a {what} of its own</source>
            <translation>Geben Sie jedem einen eigenen: {what}</translation>
        </message>
        <message>
            <source>{file}: the color of the segment {name} is {item}</source>
            <translation>{file}: die Farbe des Segments {name} ist {item}</translation>
        </message>
        <message>
            <source>Write red, green and blue from 0 to 255, such as [230, 159, 0]</source>
            <translation>Schreiben Sie Rot, Grün und Blau von 0 bis 255, etwa [230, 159, 0]</translation>
        </message>
        <message>
            <source>The series number {series_number} is impossible</source>
            <translation>Die Seriennummer {series_number} ist nicht möglich</translation>
        </message>
        <message>
            <source>Give a whole number from 1 to {largest_series_number}</source>
            <translation>Geben Sie eine ganze Zahl von 1 bis {largest_series_number} an</translation>
        </message>
        <message>
            <source>{out} is a folder</source>
            <translation>{out} ist ein Ordner</translation>
        </message>
        <message>
            <source>Give the name of the file to write, such as segmentation.dcm</source>
            <translation>Nennen Sie die Datei, die geschrieben werden soll, etwa segmentation.dcm</translation>
        </message>
        <message>
            <source>{out} exists already</source>
            <translation>{out} gibt es schon</translation>
        </message>
        <message>
            <source>Choose another name, or have it replaced (option overwrite)</source>
            <translation>Wählen Sie einen anderen Namen, oder lassen Sie sie ersetzen</translation>
        </message>
        <message>
            <source>The result would overwrite the input {out}</source>
            <translation>Das Ergebnis würde die Eingabe {out} überschreiben</translation>
        </message>
        <message>
            <source>Choose another name</source>
            <translation>Wählen Sie einen anderen Namen</translation>
        </message>
        <message>
            <source>{out} can't be written</source>
            <translation>{out} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Check the folder and the space on the disk</source>
            <translation>Prüfen Sie den Ordner und den Platz auf dem Datenträger</translation>
        </message>
        <message>
            <source>Check that it belongs to this series; then export it with the scan as reference volume, or have it resampled (option resample)</source>
            <translation>Prüfen Sie, ob sie zu dieser Serie gehört; dann exportieren Sie sie mit dem Scan als Referenzvolumen, oder lassen Sie sie umrechnen</translation>
        </message>
        <message>
            <source>The label map</source>
            <translation>Die Labelkarte</translation>
        </message>
        <message>
            <source>No label map is given</source>
            <translation>Es ist keine Labelkarte angegeben</translation>
        </message>
        <message>
            <source>Give at least one</source>
            <translation>Geben Sie mindestens eine an</translation>
        </message>
        <message>
            <source>{path} does not say which segments its values mean</source>
            <translation>{path} sagt nicht, welche Segmente ihre Werte bedeuten</translation>
        </message>
        <message>
            <source>Give the model it is from, or a list of segments</source>
            <translation>Geben Sie das Modell an, von dem sie ist, oder eine Liste von Segmenten</translation>
        </message>
        <message>
            <source>{path} holds {images} maps, but there are {segments} segments</source>
            <translation>{path} enthält {images} Karten, es gibt aber {segments} Segmente</translation>
        </message>
        <message>
            <source>Give one map for each segment</source>
            <translation>Geben Sie für jedes Segment eine Karte an</translation>
        </message>
        <message>
            <source>Map {value} of {path}</source>
            <translation>Karte {value} von {path}</translation>
        </message>
        <message>
            <source>{path} holds the segment {name}, which is none of those known ({names})</source>
            <translation>{path} enthält das Segment {name}; das ist keines der bekannten ({names})</translation>
        </message>
        <message>
            <source>Remove or rename it, or give a list of segments that names it</source>
            <translation>Entfernen Sie es, benennen Sie es um, oder geben Sie eine Liste von Segmenten an, die es nennt</translation>
        </message>
        <message>
            <source>{name} holds the values {str}, but is to be the map of one segment</source>
            <translation>{name} enthält die Werte {str}, soll aber die Karte eines einzigen Segments sein</translation>
        </message>
        <message>
            <source>Give a map with one value beside 0</source>
            <translation>Geben Sie eine Karte mit einem Wert neben 0 an</translation>
        </message>
        <message>
            <source> and {value} more values</source>
            <translation> und {value} weitere Werte</translation>
        </message>
        <message>
            <source>{name} holds the value {unknown} ({found} voxels){more}, which no segment has</source>
            <translation>{name} enthält den Wert {unknown} ({found} Voxel){more}, den kein Segment hat</translation>
        </message>
        <message>
            <source>Give the model or the list of segments that it was made with, or remove these voxels</source>
            <translation>Geben Sie das Modell oder die Liste von Segmenten an, mit denen sie gemacht wurde, oder entfernen Sie diese Voxel</translation>
        </message>
        <message>
            <source>Resampling changed the volume of {name} from {before} to {after} mL</source>
            <translation>Das Umrechnen hat das Volumen von {name} von {before} auf {after} mL geändert</translation>
        </message>
        <message>
            <source>{segments} segments are too many for several label maps</source>
            <translation>{segments} Segmente sind zu viele für mehrere Labelkarten</translation>
        </message>
        <message>
            <source>Give one label map, or at most 64 segments</source>
            <translation>Geben Sie eine Labelkarte an, oder höchstens 64 Segmente</translation>
        </message>
        <message>
            <source>No segment has a voxel, so there is nothing to export</source>
            <translation>Kein Segment hat ein Voxel, es gibt also nichts zu exportieren</translation>
        </message>
        <message>
            <source>Outline something first</source>
            <translation>Konturieren Sie zuerst etwas</translation>
        </message>
        <message>
            <source>{image} is for {name}, which is no segment</source>
            <translation>{image} ist für {name}; das ist kein Segment</translation>
        </message>
        <message>
            <source>Give one of: {names}</source>
            <translation>Geben Sie eines an von: {names}</translation>
        </message>
        <message>
            <source>{path} holds values that are not finite numbers</source>
            <translation>{path} enthält Werte, die keine endlichen Zahlen sind</translation>
        </message>
        <message>
            <source>Make it again from the scan</source>
            <translation>Machen Sie es aus dem Scan neu</translation>
        </message>
        <message>
            <source>{out} is of no format that is known</source>
            <translation>{out} hat kein bekanntes Format</translation>
        </message>
        <message>
            <source>End the name in {nrrd} or {nifti}</source>
            <translation>Lassen Sie den Namen auf {nrrd} oder {nifti} enden</translation>
        </message>
        <message>
            <source>Choose a folder in which you may write, on a disk with free space</source>
            <translation>Wählen Sie einen Ordner, in dem Sie schreiben dürfen, auf einem Datenträger mit freiem Platz</translation>
        </message>
        <message>
            <source>{shared} voxels belong to several segments; a NIfTI label map can't tell that, so they were counted to the first in the list</source>
            <translation>{shared} Voxel gehören zu mehreren Segmenten; das kann eine NIfTI-Labelkarte nicht wiedergeben, deshalb wurden sie zum ersten in der Liste gezählt</translation>
        </message>
        <message>
            <source>other segments</source>
            <translation>andere Segmente</translation>
        </message>
        <message>
            <source>an unknown segment</source>
            <translation>ein unbekanntes Segment</translation>
        </message>
        <message>
            <source>other voxels of {name} in slice {value}</source>
            <translation>andere Voxel von {name} in der Schicht {value}</translation>
        </message>
        <message>
            <source>{counts} voxels of {name}, not {counts2}</source>
            <translation>{counts} Voxel von {name}, nicht {counts2}</translation>
        </message>
        <message>
            <source>other values in slice {value}</source>
            <translation>andere Werte in der Schicht {value}</translation>
        </message>
        <message>
            <source>other slices</source>
            <translation>andere Schichten</translation>
        </message>
        <message>
            <source>references to other slices</source>
            <translation>Verweise auf andere Schichten</translation>
        </message>
        <message>
            <source>another direction of the slices</source>
            <translation>eine andere Richtung der Schichten</translation>
        </message>
        <message>
            <source>another size of the pixels</source>
            <translation>eine andere Größe der Bildpunkte</translation>
        </message>
        <message>
            <source>another position of a slice</source>
            <translation>eine andere Lage einer Schicht</translation>
        </message>
        <message>
            <source>The written DICOM file holds {what} than was meant to be written, so it was removed</source>
            <translation>Die geschriebene DICOM-Datei enthält {what} als geschrieben werden sollten, deshalb wurde sie entfernt</translation>
        </message>
        <message>
            <source>The written DICOM file holds {what}, so it was removed</source>
            <translation>Die geschriebene DICOM-Datei enthält {what}, deshalb wurde sie entfernt</translation>
        </message>
        <message>
            <source>This is a defect of DualTaskSeg or of its DICOM library; please report it</source>
            <translation>Das ist ein Fehler von DualTaskSeg oder seiner DICOM-Bibliothek; bitte melden Sie ihn</translation>
        </message>
        <message>
            <source>no description</source>
            <translation>ohne Beschreibung</translation>
        </message>
        <message>
            <source>The series has {headers} slices ({title})</source>
            <translation>Die Serie hat {headers} Schichten ({title})</translation>
        </message>
        <message>
            <source>The segment {name} is empty and will be left out</source>
            <translation>Das Segment {name} ist leer und wird ausgelassen</translation>
        </message>
        <message>
            <source>The segments will be declared {type}</source>
            <translation>Die Segmente werden als {type} gekennzeichnet</translation>
        </message>
        <message>
            <source>{what}; the series goes on in {names}</source>
            <translation>{what}; die Serie geht in {names} weiter</translation>
        </message>
        <message>
            <source>Move all files of the series to one folder</source>
            <translation>Verschieben Sie alle Dateien der Serie in einen Ordner</translation>
        </message>
        <message>
            <source>Segments overlap, which a segmentation of the type LABELMAP can't hold</source>
            <translation>Segmente überdecken sich; das kann eine Segmentierung vom Typ LABELMAP nicht enthalten</translation>
        </message>
        <message>
            <source>Write it as BINARY instead</source>
            <translation>Schreiben Sie sie stattdessen als BINARY</translation>
        </message>
        <message>
            <source>has a terminology that can't be read</source>
            <translation>hat einen Begriff, der nicht gelesen werden kann</translation>
        </message>
        <message>
            <source>has no terminology</source>
            <translation>hat keinen Begriff</translation>
        </message>
        <message>
            <source>The segment {name} has a terminology that can't be read, so it is coded as Tissue only</source>
            <translation>Das Segment {name} hat einen Begriff, der nicht gelesen werden kann; es wird nur als Tissue codiert</translation>
        </message>
        <message>
            <source>The segment {name} has no terminology, so it is coded as Tissue only</source>
            <translation>Das Segment {name} hat keinen Begriff; es wird nur als Tissue codiert</translation>
        </message>
        <message>
            <source>The name of the segment {name} is written as {name2}</source>
            <translation>Der Name des Segments {name} wird als {name2} geschrieben</translation>
        </message>
        <message>
            <source>The series names no {name}, so the segmentation names none either</source>
            <translation>In der Serie fehlt die Angabe {name}, also auch in der Segmentierung</translation>
        </message>
        <message>
            <source>patient ID</source>
            <translation>Patienten-ID</translation>
        </message>
        <message>
            <source>patient name</source>
            <translation>Name des Patienten</translation>
        </message>
        <message>
            <source>Install the package highdicom; in Slicer, click Install in the section Export</source>
            <translation>Installieren Sie das Paket highdicom; in Slicer klicken Sie im Abschnitt Exportieren auf Installieren</translation>
        </message>
        <message>
            <source>Update the package pydicom; in Slicer, click Install in the section Export</source>
            <translation>Aktualisieren Sie das Paket pydicom; in Slicer klicken Sie im Abschnitt Exportieren auf Installieren</translation>
        </message>
        <message>
            <source>Writing DICOM needs the library highdicom, but {missing} is missing</source>
            <translation>Zum Schreiben von DICOM wird die Bibliothek highdicom gebraucht, aber {missing} fehlt</translation>
        </message>
        <message>
            <source>Writing DICOM needs pydicom 3 or newer, but this is {__version__}</source>
            <translation>Zum Schreiben von DICOM wird pydicom 3 oder neuer gebraucht, dies ist {__version__}</translation>
        </message>
        <message>
            <source>{folder} is a file</source>
            <translation>{folder} ist eine Datei</translation>
        </message>
        <message>
            <source>Give the folder that holds the DICOM series</source>
            <translation>Geben Sie den Ordner an, in dem die DICOM-Serie ist</translation>
        </message>
        <message>
            <source>The series in {folder} can't be read</source>
            <translation>Die Serie in {folder} kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>Copy or export it again</source>
            <translation>Kopieren oder exportieren Sie sie noch einmal</translation>
        </message>
        <message>
            <source>Writing DICOM needs the library pydicom</source>
            <translation>Zum Schreiben von DICOM wird die Bibliothek pydicom gebraucht</translation>
        </message>
        <message>
            <source>The header of {file} can't be read</source>
            <translation>Der Kopf von {file} kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>{file} does not say where in the body its frames lie, so a segmentation can't refer to them</source>
            <translation>{file} sagt nicht, wo im Körper ihre Einzelbilder liegen, deshalb kann eine Segmentierung nicht auf sie verweisen</translation>
        </message>
        <message>
            <source>Export the scan as single slices, or save the segmentation as .nrrd</source>
            <translation>Exportieren Sie den Scan in einzelnen Schichten, oder speichern Sie die Segmentierung als .nrrd</translation>
        </message>
        <message>
            <source>frame of reference</source>
            <translation>Bezugssystem</translation>
        </message>
        <message>
            <source>kind of image</source>
            <translation>Art des Bildes</translation>
        </message>
        <message>
            <source>The slices in {folder} name {values} different values of {keyword} ({name})</source>
            <translation>Die Schichten in {folder} nennen {values} verschiedene Werte von {keyword} ({name})</translation>
        </message>
        <message>
            <source>Export the series again from the archive, so that it is one scan of one study</source>
            <translation>Exportieren Sie die Serie noch einmal aus dem Archiv, sodass sie ein Scan einer Studie ist</translation>
        </message>
        <message>
            <source>The series in {folder} names no {keyword} ({name}), which its segmentation has to share</source>
            <translation>Die Serie in {folder} nennt {keyword} ({name}) nicht, das ihre Segmentierung mit ihr gemein haben muss</translation>
        </message>
        <message>
            <source>Export the series again from the archive, or save the segmentation as .nrrd instead</source>
            <translation>Exportieren Sie die Serie noch einmal aus dem Archiv, oder speichern Sie die Segmentierung stattdessen als .nrrd</translation>
        </message>
        <message>
            <source>The slices in {folder} have no SOPInstanceUID of their own, so they can't be referred to</source>
            <translation>Die Schichten in {folder} haben keine eigene SOPInstanceUID, deshalb kann nicht auf sie verwiesen werden</translation>
        </message>
        <message>
            <source>Export the series again from the archive</source>
            <translation>Exportieren Sie die Serie noch einmal aus dem Archiv</translation>
        </message>
        <message>
            <source>Writing DICOM needs the library pydicom, but it is missing</source>
            <translation>Zum Schreiben von DICOM wird die Bibliothek pydicom gebraucht, sie fehlt aber</translation>
        </message>
        <message>
            <source>other structures</source>
            <translation>andere Strukturen</translation>
        </message>
        <message>
            <source>contours on other slices</source>
            <translation>Konturen auf anderen Schichten</translation>
        </message>
        <message>
            <source>other voxels on slice {value}</source>
            <translation>andere Voxel auf der Schicht {value}</translation>
        </message>
        <message>
            <source>The structure set that was written holds {what} than it should</source>
            <translation>Der geschriebene Struktursatz enthält {what} als er sollte</translation>
        </message>
        <message>
            <source>It was removed; report this as a defect</source>
            <translation>Er wurde entfernt; bitte melden Sie das als Fehler</translation>
        </message>
        <message>
            <source>contours beside their slices</source>
            <translation>Konturen neben ihren Schichten</translation>
        </message>
        <message>
            <source>The slices are not axial, and many planning systems read structure sets on axial slices only</source>
            <translation>Die Schichten sind nicht axial, und viele Planungssysteme lesen Struktursätze nur auf axialen Schichten</translation>
        </message>
        <message>
            <source>Neither of the two segmentations holds anything</source>
            <translation>Keine der beiden Segmentierungen enthält etwas</translation>
        </message>
        <message>
            <source>Choose others</source>
            <translation>Wählen Sie andere</translation>
        </message>
        <message>
            <source>{place} holds no label maps</source>
            <translation>{place} enthält keine Labelkarten</translation>
        </message>
        <message>
            <source>Give the folder that holds files such as NAME.nii.gz</source>
            <translation>Geben Sie den Ordner an, in dem Dateien wie NAME.nii.gz sind</translation>
        </message>
        <message>
            <source>{partly} is outlined in part: only that was measured</source>
            <translation>{partly} ist teilweise konturiert: nur dieser Teil wurde gemessen</translation>
        </message>
        <message>
            <source>{partly} are outlined in part: only that was measured</source>
            <translation>{partly} sind teilweise konturiert: nur diese Teile wurden gemessen</translation>
        </message>
        <message>
            <source>all segments</source>
            <translation>alle Segmente</translation>
        </message>
        <message>
            <source>it is no plain file</source>
            <translation>es ist keine gewöhnliche Datei</translation>
        </message>
        <message>
            <source>{path} is no file, but a pipe, a device or the like</source>
            <translation>{path} ist keine Datei, sondern eine Pipe, ein Gerät oder Ähnliches</translation>
        </message>
        <message>
            <source>Give a file</source>
            <translation>Geben Sie eine Datei an</translation>
        </message>
        <message>
            <source>{path} has more than {value} MB, too much for such a file</source>
            <translation>{path} hat mehr als {value} MB, zu viel für eine solche Datei</translation>
        </message>
        <message>
            <source>Check which file it is</source>
            <translation>Prüfen Sie, welche Datei das ist</translation>
        </message>
        <message>
            <source>The networks answered with numbers that make no sense (not a number, or absurdly large)</source>
            <translation>Die Netze antworteten mit Zahlen, die keinen Sinn ergeben (keine Zahl, oder unsinnig groß)</translation>
        </message>
        <message>
            <source>Check the intensities of the scan; if this happens with other scans too, the model is damaged: get it again or train it anew</source>
            <translation>Prüfen Sie die Intensitäten des Scans; geschieht das auch bei anderen Scans, ist das Modell beschädigt: besorgen Sie es noch einmal, oder trainieren Sie es neu</translation>
        </message>
        <message>
            <source>There is no device '{name}'</source>
            <translation>Ein Gerät „{name}“ gibt es nicht</translation>
        </message>
        <message>
            <source>Choose auto, cpu, cuda, cuda:1 or mps</source>
            <translation>Wählen Sie auto, cpu, cuda, cuda:1 oder mps</translation>
        </message>
        <message>
            <source>PyTorch finds no NVIDIA GPU for --device {name}</source>
            <translation>PyTorch findet keine NVIDIA-GPU für das Gerät {name}</translation>
        </message>
        <message>
            <source>PyTorch finds no Apple GPU for --device {name}</source>
            <translation>PyTorch findet keine Apple-GPU für das Gerät {name}</translation>
        </message>
        <message>
            <source>Choose --device cpu, or install a PyTorch that supports the GPU of this computer</source>
            <translation>Wählen Sie das Gerät cpu, oder installieren Sie ein PyTorch, das die GPU dieses Computers unterstützt</translation>
        </message>
        <message>
            <source>There is no GPU {name}: this computer has {device_count}, counted from 0</source>
            <translation>Eine GPU {name} gibt es nicht: dieser Computer hat {device_count}, von 0 an gezählt</translation>
        </message>
        <message>
            <source>Choose --device cuda</source>
            <translation>Wählen Sie das Gerät cuda</translation>
        </message>
        <message>
            <source>The device {name} does not work with the installed PyTorch {__version__} ({problem})</source>
            <translation>Das Gerät {name} läuft nicht mit dem installierten PyTorch {__version__} ({problem})</translation>
        </message>
        <message>
            <source>Choose --device cpu, or install a PyTorch made for this GPU</source>
            <translation>Wählen Sie das Gerät cpu, oder installieren Sie ein PyTorch, das für diese GPU gemacht ist</translation>
        </message>
        <message>
            <source>it computes wrong numbers</source>
            <translation>es rechnet falsch</translation>
        </message>
        <message>
            <source>The scan covers {extent} mm</source>
            <translation>Der Scan umfasst {extent} mm</translation>
        </message>
        <message>
            <source>this model, which looks at voxels of {spacing} mm</source>
            <translation>dieses Modell, das Voxel von {spacing} mm ansieht</translation>
        </message>
        <message>
            <source>{covered}, far too much for {looked_at}</source>
            <translation>{covered}, viel zu viel für {looked_at}</translation>
        </message>
        <message>
            <source>Check the scan's voxel size; crop the scan, or use a model that was trained on such scans</source>
            <translation>Prüfen Sie die Voxelgröße des Scans; schneiden Sie ihn zu, oder nehmen Sie ein Modell, das mit solchen Scans trainiert wurde</translation>
        </message>
        <message>
            <source>The scan has an absurd voxel size of {spacing_zyx} mm</source>
            <translation>Der Scan hat eine unsinnige Voxelgröße von {spacing_zyx} mm</translation>
        </message>
        <message>
            <source>The scan has voxels of {spacing_zyx} mm, far too large for {looked_at}</source>
            <translation>Der Scan hat Voxel von {spacing_zyx} mm, viel zu groß für {looked_at}</translation>
        </message>
        <message>
            <source>The scan has voxels of {spacing_zyx} mm, far too small for {looked_at}</source>
            <translation>Der Scan hat Voxel von {spacing_zyx} mm, viel zu klein für {looked_at}</translation>
        </message>
        <message>
            <source>Check the scan's voxel size, which must be in millimeters; or use a model that was trained on such scans</source>
            <translation>Prüfen Sie die Voxelgröße des Scans, die in Millimetern sein muss; oder nehmen Sie ein Modell, das mit solchen Scans trainiert wurde</translation>
        </message>
        <message>
            <source>{covered}, which are {windows} patches for {looked_at}; at most {most_windows} are computed</source>
            <translation>{covered}, das sind {windows} Ausschnitte für {looked_at}; höchstens {most_windows} werden berechnet</translation>
        </message>
        <message>
            <source>Check the scan's voxel size; crop the scan to the part of the body that is of interest</source>
            <translation>Prüfen Sie die Voxelgröße des Scans; schneiden Sie ihn auf den Körperteil zu, um den es geht</translation>
        </message>
        <message>
            <source>The results of this scan need {value} GB of memory, and {value2} GB are free</source>
            <translation>Die Ergebnisse dieses Scans brauchen {value} GB Arbeitsspeicher, und {value2} GB sind frei</translation>
        </message>
        <message>
            <source>The scan covers only {extent} mm, and the model learned from pieces of {seen} mm, so the result is a guess: check the voxel size</source>
            <translation>Der Scan umfasst nur {extent} mm, und das Modell hat aus Stücken von {seen} mm gelernt; das Ergebnis ist also geraten: prüfen Sie die Voxelgröße</translation>
        </message>
        <message>
            <source>its name is too long for them</source>
            <translation>sein Name ist zu lang für sie</translation>
        </message>
        <message>
            <source>another scan's would be called the same</source>
            <translation>die eines anderen Scans würden genauso heißen</translation>
        </message>
        <message>
            <source>The results of {path} are called {name}, since its name is too long for them</source>
            <translation>Die Ergebnisse von {path} heißen {name}, denn sein Name ist zu lang für sie</translation>
        </message>
        <message>
            <source>The results of {path} are called {name}, since another scan's would be called the same</source>
            <translation>Die Ergebnisse von {path} heißen {name}, denn die eines anderen Scans würden genauso heißen</translation>
        </message>
        <message>
            <source>{removed} ml apart from the main part of {name} were left out: parts that only one of the two networks sees, or far smaller than any that was outlined</source>
            <translation>{removed} ml abseits des Hauptteils von {name} wurden weggelassen: Teile, die nur eines der beiden Netze sieht oder die weit kleiner sind als alle eingezeichneten</translation>
        </message>
        <message>
            <source>{name} has {found} parts here, in each outlined scan a single one: look whether all are meant</source>
            <translation>{name} hat hier {found} Teile, in jedem konturierten Scan nur einen: Prüfen Sie, ob alle gemeint sind</translation>
        </message>
        <message>
            <source>{name} has {found} parts here, in outlined scans {most} at most: look whether all are meant</source>
            <translation>{name} hat hier {found} Teile, in konturierten Scans höchstens {most}: Prüfen Sie, ob alle gemeint sind</translation>
        </message>
        <message>
            <source>What was found goes on far beyond the places that a first, coarse look at the scan showed, and was cut off there; look at its ends</source>
            <translation>Was gefunden wurde, setzt sich weit über die Stellen hinaus fort, die ein erster, grober Blick auf den Scan zeigte, und wurde dort abgeschnitten; sehen Sie sich seine Enden an</translation>
        </message>
        <message>
            <source>The model in {folder} names other segments than its plan</source>
            <translation>Das Modell in {folder} nennt andere Segmente als sein Plan</translation>
        </message>
        <message>
            <source>Get an intact copy of it</source>
            <translation>Besorgen Sie eine unbeschädigte Kopie</translation>
        </message>
        <message>
            <source>This is not a 3D scan with one value for each voxel</source>
            <translation>Das ist kein 3D-Scan mit einem Wert je Voxel</translation>
        </message>
        <message>
            <source>Give a 3D scan</source>
            <translation>Geben Sie einen 3D-Scan an</translation>
        </message>
        <message>
            <source>Nothing of {name} was seen in a first, coarse look at the whole scan, so it was not looked for more closely</source>
            <translation>Von {name} war bei einem ersten, groben Blick auf den ganzen Scan nichts zu sehen, darum wurde nicht genauer danach gesucht</translation>
        </message>
        <message>
            <source>The model in {folder} can't be used: {what}</source>
            <translation>Das Modell in {folder} ist nicht benutzbar: {what}</translation>
        </message>
        <message>
            <source>Leave this scan out</source>
            <translation>Lassen Sie diesen Scan aus</translation>
        </message>
        <message>
            <source>All of the scan has the same intensity, so nothing was segmented</source>
            <translation>Der ganze Scan hat dieselbe Intensität, deshalb wurde nichts segmentiert</translation>
        </message>
        <message>
            <source>Nothing in the scan differs within the intensities, and at the voxel size, that the model looks at, so nothing was segmented</source>
            <translation>Nichts im Scan unterscheidet sich in den Intensitäten und bei der Voxelgröße, die das Modell ansieht, deshalb wurde nichts segmentiert</translation>
        </message>
        <message>
            <source>Give another folder with --out</source>
            <translation>Geben Sie mit --out einen anderen Ordner an</translation>
        </message>
        <message>
            <source>{elsewhere}, or move what you want to keep away; --overwrite replaces all of it</source>
            <translation>{elsewhere}, oder schaffen Sie weg, was Sie behalten wollen; --overwrite ersetzt alles</translation>
        </message>
        <message>
            <source>can't be read, so it is not known whether this program wrote it</source>
            <translation>kann nicht gelesen werden; ob dieses Programm es geschrieben hat, ist also nicht bekannt</translation>
        </message>
        <message>
            <source>was not written by this program</source>
            <translation>wurde nicht von diesem Programm geschrieben</translation>
        </message>
        <message>
            <source>was changed since this program wrote it</source>
            <translation>wurde geändert, seit dieses Programm es geschrieben hat</translation>
        </message>
        <message>
            <source>was written by an earlier version, which left nothing to tell whether it was changed since</source>
            <translation>wurde von einer früheren Version geschrieben, die nicht erkennen lässt, ob es seitdem geändert wurde</translation>
        </message>
        <message>
            <source>does not lie on the grid of the scan: one of them was moved or changed since, or it is of another scan</source>
            <translation>liegt nicht auf dem Gitter des Scans: eines von beiden wurde seitdem bewegt oder geändert, oder es gehört zu einem anderen Scan</translation>
        </message>
        <message>
            <source>{kept} exists and {kept2}, so it is not replaced</source>
            <translation>{kept} ist da und {kept2}, deshalb wird es nicht ersetzt</translation>
        </message>
        <message>
            <source>; nor are {file}</source>
            <translation>; auch nicht {file}</translation>
        </message>
        <message>
            <source>The result would overwrite the scan {file}, which is no result of this program</source>
            <translation>Das Ergebnis würde den Scan {file} überschreiben, der kein Ergebnis dieses Programms ist</translation>
        </message>
        <message>
            <source>Crop the scan, free memory, or ask for fewer results at once</source>
            <translation>Schneiden Sie den Scan zu, machen Sie Arbeitsspeicher frei, oder verlangen Sie weniger Ergebnisse auf einmal</translation>
        </message>
        <message>
            <source>{scan} is too large for this computer's memory</source>
            <translation>{scan} ist zu groß für den Arbeitsspeicher dieses Computers</translation>
        </message>
        <message>
            <source>{scan} can't be worked on ({where}{strerror})</source>
            <translation>{scan} kann nicht bearbeitet werden ({where}{strerror})</translation>
        </message>
        <message>
            <source>Make sure that the files and the disk are there</source>
            <translation>Sorgen Sie dafür, dass die Dateien und der Datenträger da sind</translation>
        </message>
        <message>
            <source>{scan}: this is a defect of DualTaskSeg: {error}</source>
            <translation>{scan}: das ist ein Fehler von DualTaskSeg: {error}</translation>
        </message>
        <message>
            <source>Send its log to the developers</source>
            <translation>Schicken Sie sein Protokoll an die Entwickler</translation>
        </message>
        <message>
            <source>The prediction was stopped</source>
            <translation>Das Segmentieren wurde angehalten</translation>
        </message>
        <message>
            <source>Close other programs</source>
            <translation>Schließen Sie andere Programme</translation>
        </message>
        <message>
            <source>Close other programs, or choose --device cpu</source>
            <translation>Schließen Sie andere Programme, oder wählen Sie das Gerät cpu</translation>
        </message>
        <message>
            <source>Memory does not suffice to predict with this model</source>
            <translation>Der Arbeitsspeicher reicht nicht, um mit diesem Modell zu segmentieren</translation>
        </message>
        <message>
            <source>Fetch its content, for example with 'datalad get' or 'git annex get', or connect the disk that it lies on</source>
            <translation>Holen Sie den Inhalt, zum Beispiel mit „datalad get“ oder „git annex get“, oder verbinden Sie den Datenträger, auf dem er liegt</translation>
        </message>
        <message>
            <source>Fetch its content with 'git lfs pull'</source>
            <translation>Holen Sie den Inhalt mit „git lfs pull“</translation>
        </message>
        <message>
            <source>a named pipe</source>
            <translation>eine benannte Pipe</translation>
        </message>
        <message>
            <source>{path} is no file but a folder</source>
            <translation>{path} ist keine Datei, sondern ein Ordner</translation>
        </message>
        <message>
            <source>Put the file with the voxels in its place</source>
            <translation>Setzen Sie die Datei mit den Voxeln an seine Stelle</translation>
        </message>
        <message>
            <source>something else</source>
            <translation>etwas anderes</translation>
        </message>
        <message>
            <source>{path} is no file but {kind}</source>
            <translation>{path} ist keine Datei, sondern {kind}</translation>
        </message>
        <message>
            <source>Give a file in its place, or leave it out</source>
            <translation>Setzen Sie eine Datei an ihre Stelle, oder lassen Sie sie aus</translation>
        </message>
        <message>
            <source>{path} is only a placeholder of Git LFS</source>
            <translation>{path} ist nur ein Platzhalter von Git LFS</translation>
        </message>
        <message>
            <source>{path} is only a placeholder of git-annex</source>
            <translation>{path} ist nur ein Platzhalter von git-annex</translation>
        </message>
        <message>
            <source>The name {path} is not UTF-8, so the scan can't be opened</source>
            <translation>Der Name {path} ist nicht UTF-8, deshalb lässt sich der Scan nicht öffnen</translation>
        </message>
        <message>
            <source>Rename the file or folder, for example with plain letters</source>
            <translation>Benennen Sie die Datei oder den Ordner um, zum Beispiel mit einfachen Buchstaben</translation>
        </message>
        <message>
            <source>{path} is a link that leads nowhere{target}</source>
            <translation>{path} ist ein Verweis, der nirgends hinführt{target}</translation>
        </message>
        <message>
            <source>{copy_again}; if it is the same, load it in 3D Slicer and save it as .nrrd</source>
            <translation>{copy_again}; ist sie dann gleich, laden Sie sie in 3D Slicer, und speichern Sie sie als .nrrd</translation>
        </message>
        <message>
            <source>{path} can't be read: cut short or damaged ({error})</source>
            <translation>{path} kann nicht gelesen werden: abgeschnitten oder beschädigt ({error})</translation>
        </message>
        <message>
            <source>{path} can't be read (it is no DICOM file)</source>
            <translation>{path} kann nicht gelesen werden (es ist keine DICOM-Datei)</translation>
        </message>
        <message>
            <source>its compressed part</source>
            <translation>ihr gepackter Teil</translation>
        </message>
        <message>
            <source>its last element is cut short</source>
            <translation>ihr letztes Element ist abgeschnitten</translation>
        </message>
        <message>
            <source>its pixels</source>
            <translation>ihre Bildpunkte</translation>
        </message>
        <message>
            <source>at the element {tag},{tag2}</source>
            <translation>beim Element {tag},{tag2}</translation>
        </message>
        <message>
            <source>echo times</source>
            <translation>Echozeiten</translation>
        </message>
        <message>
            <source>diffusion weightings</source>
            <translation>Diffusionsgewichtungen</translation>
        </message>
        <message>
            <source>tube voltages</source>
            <translation>Röhrenspannungen</translation>
        </message>
        <message>
            <source>kinds of complex numbers</source>
            <translation>Arten komplexer Zahlen</translation>
        </message>
        <message>
            <source>the position</source>
            <translation>die Lage</translation>
        </message>
        <message>
            <source>the direction</source>
            <translation>die Richtung</translation>
        </message>
        <message>
            <source>the size of the pixels</source>
            <translation>die Größe der Bildpunkte</translation>
        </message>
        <message>
            <source>Export the scan as single slices; or open it in 3D Slicer, set its voxel size in the module Volumes, and save it as .nrrd</source>
            <translation>Exportieren Sie den Scan in einzelnen Schichten; oder öffnen Sie ihn in 3D Slicer, stellen Sie im Modul Volumes die Voxelgröße ein, und speichern Sie ihn als .nrrd</translation>
        </message>
        <message>
            <source>Export the scan as single slices, or load it in 3D Slicer and save it as .nrrd</source>
            <translation>Exportieren Sie den Scan in einzelnen Schichten, oder laden Sie ihn in 3D Slicer, und speichern Sie ihn als .nrrd</translation>
        </message>
        <message>
            <source>Keep one of its volumes: one time, one echo, one phase</source>
            <translation>Behalten Sie eines ihrer Volumen: einen Zeitpunkt, ein Echo, eine Phase</translation>
        </message>
        <message>
            <source>{path} does not tell where its {frames} frames lie, or in a way that can't be read</source>
            <translation>{path} sagt nicht, wo ihre {frames} Einzelbilder liegen, oder so, dass es nicht gelesen werden kann</translation>
        </message>
        <message>
            <source>{bare} of its {frames}</source>
            <translation>{bare} von ihren {frames}</translation>
        </message>
        <message>
            <source>{path} does not tell {what} of {some} frames</source>
            <translation>{path} sagt für {some} Einzelbilder nicht: {what}</translation>
        </message>
        <message>
            <source>To read {path}, the library pydicom is needed</source>
            <translation>Um {path} zu lesen, wird die Bibliothek pydicom gebraucht</translation>
        </message>
        <message>
            <source>Install the package pydicom</source>
            <translation>Installieren Sie das Paket pydicom</translation>
        </message>
        <message>
            <source>{path} tells for some of its frames only how their numbers become intensities</source>
            <translation>{path} sagt nur für einige Einzelbilder, wie ihre Zahlen zu Intensitäten werden</translation>
        </message>
        <message>
            <source>{path} gives {slope} and {intercept} as slope and intercept of a frame's intensities, which are no usable numbers</source>
            <translation>{path} gibt {slope} und {intercept} als Steigung und Achsenabschnitt der Intensitäten eines Einzelbilds an; das sind keine brauchbaren Zahlen</translation>
        </message>
        <message>
            <source>The numbers in the frames of {path} are on {scales} different scales: it tells slope and intercept of real-world values, which are not applied</source>
            <translation>Die Zahlen in den Einzelbildern von {path} haben {scales} verschiedene Skalen: angegeben sind Steigung und Achsenabschnitt wirklicher Werte, die nicht angewandt werden</translation>
        </message>
        <message>
            <source>Export the series again with rescaled intensities</source>
            <translation>Exportieren Sie die Serie noch einmal mit umgerechneten Intensitäten</translation>
        </message>
        <message>
            <source>{path} holds frames with {values} different {what}, so it is no single scan</source>
            <translation>{path} enthält Einzelbilder mit {values} verschiedenen Werten ({what}), ist also kein einzelner Scan</translation>
        </message>
        <message>
            <source>{path} holds {positions} frames of one place, so it is no single scan</source>
            <translation>{path} enthält {positions} Einzelbilder einer Stelle, ist also kein einzelner Scan</translation>
        </message>
        <message>
            <source>{path} is a film: its {frames} images follow each other in time or are seen from other sides, so they are no 3D scan</source>
            <translation>{path} ist ein Film: seine {frames} Bilder folgen zeitlich aufeinander oder sind von anderen Seiten gesehen, sind also kein 3D-Scan</translation>
        </message>
        <message>
            <source>Give a scan whose slices lie side by side</source>
            <translation>Geben Sie einen Scan an, dessen Schichten nebeneinander liegen</translation>
        </message>
        <message>
            <source>{path} gives {distances} mm as the distance of its slices, which can't be</source>
            <translation>{path} gibt {distances} mm als Abstand der Schichten an; das kann nicht sein</translation>
        </message>
        <message>
            <source>, only that each is {thickness} mm thick</source>
            <translation>, nur dass jede {thickness} mm dick ist</translation>
        </message>
        <message>
            <source>{path} does not tell how far its {frames} slices lie apart{only}</source>
            <translation>{path} sagt nicht, wie weit ihre {frames} Schichten auseinander liegen{only}</translation>
        </message>
        <message>
            <source>{path} does not tell the size of its pixels</source>
            <translation>{path} sagt nicht, wie groß ihre Bildpunkte sind</translation>
        </message>
        <message>
            <source>tells how fast its frames are to be shown; they are taken for slices side by side, not for a film</source>
            <translation>sagt, wie schnell die Einzelbilder zu zeigen sind; sie gelten als Schichten nebeneinander, nicht als Film</translation>
        </message>
        <message>
            <source>tells that the scanner was tilted by {tilt} degrees, but not where its frames lie; they are taken to stand straight behind each other</source>
            <translation>sagt, dass der Scanner um {tilt} Grad geneigt war, aber nicht, wo die Einzelbilder liegen; angenommen wird, dass sie gerade hintereinander stehen</translation>
        </message>
        <message>
            <source>The frames of {path} are not one volume of evenly spaced slices in the order of their positions</source>
            <translation>Die Einzelbilder von {path} sind nicht ein Volumen aus gleichmäßig verteilten Schichten in der Reihenfolge ihrer Lage</translation>
        </message>
        <message>
            <source>a DICOM segmentation</source>
            <translation>eine DICOM-Segmentierung</translation>
        </message>
        <message>
            <source>a DICOM segmentation of surfaces</source>
            <translation>eine DICOM-Segmentierung aus Oberflächen</translation>
        </message>
        <message>
            <source>a DICOM registration or another object without slices</source>
            <translation>eine DICOM-Registrierung oder ein anderes Objekt ohne Schichten</translation>
        </message>
        <message>
            <source>a DICOM structure set of radiotherapy</source>
            <translation>ein DICOM-Struktursatz der Strahlentherapie</translation>
        </message>
        <message>
            <source>a DICOM report</source>
            <translation>ein DICOM-Befund</translation>
        </message>
        <message>
            <source>a DICOM presentation state</source>
            <translation>ein DICOM-Darstellungszustand</translation>
        </message>
        <message>
            <source>a document within DICOM</source>
            <translation>ein Dokument in DICOM</translation>
        </message>
        <message>
            <source>{path} is {name}, which can be read neither as a scan nor as a label</source>
            <translation>{path} ist {name}; das kann weder als Scan noch als Label gelesen werden</translation>
        </message>
        <message>
            <source>Load it in 3D Slicer and save it as .seg.nrrd or .nii.gz, on the grid of its scan</source>
            <translation>Laden Sie es in 3D Slicer, und speichern Sie es auf dem Gitter seines Scans als .seg.nrrd oder .nii.gz</translation>
        </message>
        <message>
            <source>Give the folder of the scan's own series</source>
            <translation>Geben Sie den Ordner der eigenen Serie des Scans an</translation>
        </message>
        <message>
            <source>{path} is a DICOM object, but no scan</source>
            <translation>{path} ist ein DICOM-Objekt, aber kein Scan</translation>
        </message>
        <message>
            <source>Give the folder of the scan's series</source>
            <translation>Geben Sie den Ordner der Serie des Scans an</translation>
        </message>
        <message>
            <source>The folder {folder} holds no series {uid}, only {found}</source>
            <translation>Der Ordner {folder} enthält keine Serie {uid}, nur {found}</translation>
        </message>
        <message>
            <source>Give the UID of one of these, or another folder</source>
            <translation>Geben Sie die UID einer von diesen an, oder einen anderen Ordner</translation>
        </message>
        <message>
            <source>The folder {folder} holds {found} DICOM series ({found2})</source>
            <translation>Der Ordner {folder} enthält {found} DICOM-Serien ({found2})</translation>
        </message>
        <message>
            <source>Choose one by its UID where that can be given, or move each series to a folder of its own</source>
            <translation>Wählen Sie eine mit ihrer UID, wo das möglich ist, oder verschieben Sie jede Serie in einen eigenen Ordner</translation>
        </message>
        <message>
            <source>The series in {folder} goes on in {elsewhere}</source>
            <translation>Die Serie in {folder} geht in {elsewhere} weiter</translation>
        </message>
        <message>
            <source>The series has no files</source>
            <translation>Die Serie hat keine Dateien</translation>
        </message>
        <message>
            <source>Import it again</source>
            <translation>Importieren Sie sie noch einmal</translation>
        </message>
        <message>
            <source>The files belong to {uids} DICOM series ({uids2})</source>
            <translation>Die Dateien gehören zu {uids} DICOM-Serien ({uids2})</translation>
        </message>
        <message>
            <source>Give the files of one of them</source>
            <translation>Geben Sie die Dateien einer davon an</translation>
        </message>
        <message>
            <source>{path} is a single slice of a scan</source>
            <translation>{path} ist eine einzelne Schicht eines Scans</translation>
        </message>
        <message>
            <source>Give the folder that holds its series</source>
            <translation>Geben Sie den Ordner an, in dem ihre Serie ist</translation>
        </message>
        <message>
            <source>{path} holds floating-point pixels, which are not read from DICOM files</source>
            <translation>{path} enthält Bildpunkte in Gleitkommazahlen, die aus DICOM-Dateien nicht gelesen werden</translation>
        </message>
        <message>
            <source>The folder {folder} holds no DICOM scan itself, but its subfolders do ({below})</source>
            <translation>Der Ordner {folder} enthält selbst keinen DICOM-Scan, aber seine Unterordner ({below})</translation>
        </message>
        <message>
            <source>Give the folder of one series</source>
            <translation>Geben Sie den Ordner einer Serie an</translation>
        </message>
        <message>
            <source>The folder {folder} holds no DICOM scan</source>
            <translation>Der Ordner {folder} enthält keinen DICOM-Scan</translation>
        </message>
        <message>
            <source>Give a folder with one DICOM series</source>
            <translation>Geben Sie einen Ordner mit einer DICOM-Serie an</translation>
        </message>
        <message>
            <source>The series in {folder} has a single slice, {name}, so it is no 3D scan</source>
            <translation>Die Serie in {folder} hat eine einzige Schicht, {name}, und ist also kein 3D-Scan</translation>
        </message>
        <message>
            <source>Give a scan with several slices; if this one had more, copy or export the complete series again</source>
            <translation>Geben Sie einen Scan mit mehreren Schichten an; hatte dieser mehr, kopieren oder exportieren Sie die ganze Serie noch einmal</translation>
        </message>
        <message>
            <source> and {value} more files</source>
            <translation> und {value} weitere Dateien</translation>
        </message>
        <message>
            <source>{files}{more} can't be read: cut short or damaged</source>
            <translation>{files}{more} nicht lesbar: abgeschnitten oder beschädigt</translation>
        </message>
        <message>
            <source>The slices in {folder} do not belong to one volume: {others} of {slices} have another size or direction than the others ({names})</source>
            <translation>Die Schichten in {folder} gehören nicht zu einem Volumen: {others} von {slices} haben eine andere Größe oder Richtung als die anderen ({names})</translation>
        </message>
        <message>
            <source>Keep one scan in the folder, without localizers</source>
            <translation>Behalten Sie einen Scan in dem Ordner, ohne Übersichtsbilder</translation>
        </message>
        <message>
            <source>The series in {folder} holds slices with {values} different {what}, so it is no single scan</source>
            <translation>Die Serie in {folder} enthält Schichten mit {values} verschiedenen Werten ({what}), ist also kein einzelner Scan</translation>
        </message>
        <message>
            <source>The series in {folder} holds {parts} kinds of images, such as magnitude and phase, so it is no single scan</source>
            <translation>Die Serie in {folder} enthält {parts} Arten von Bildern, etwa Betrag und Phase, ist also kein einzelner Scan</translation>
        </message>
        <message>
            <source>{path} does not say where in the body its slice lies</source>
            <translation>{path} sagt nicht, wo im Körper ihre Schicht liegt</translation>
        </message>
        <message>
            <source>Export the series as it was scanned</source>
            <translation>Exportieren Sie die Serie so, wie sie aufgenommen wurde</translation>
        </message>
        <message>
            <source>{path} gives {size} as the size of its pixels</source>
            <translation>{path} gibt {size} als Größe der Bildpunkte an</translation>
        </message>
        <message>
            <source>The series in {folder} holds {repeated} images of places that others show, so it is no single scan</source>
            <translation>Die Serie in {folder} enthält {repeated} Bilder von Stellen, die andere zeigen, ist also kein einzelner Scan</translation>
        </message>
        <message>
            <source>Slices are missing in {folder}: {gap} mm lie between {names}, elsewhere {usual} mm</source>
            <translation>In {folder} fehlen Schichten: {gap} mm liegen zwischen {names}, sonst {usual} mm</translation>
        </message>
        <message>
            <source>Export the complete series again</source>
            <translation>Exportieren Sie die ganze Serie noch einmal</translation>
        </message>
        <message>
            <source>The slices in {folder} are unevenly spaced ({gaps} to {gaps2} mm)</source>
            <translation>Die Schichten in {folder} haben ungleiche Abstände ({gaps} bis {gaps2} mm)</translation>
        </message>
        <message>
            <source>Resample the scan to even slices, for example in 3D Slicer, which can do it while loading DICOM</source>
            <translation>Rechnen Sie den Scan auf gleichmäßige Schichten um, zum Beispiel in 3D Slicer, das es beim Laden von DICOM kann</translation>
        </message>
        <message>
            <source>The slices in {folder} do not stand straight behind each other (tilted gantry, {sideways} mm)</source>
            <translation>Die Schichten in {folder} stehen nicht gerade hintereinander (geneigte Gantry, {sideways} mm)</translation>
        </message>
        <message>
            <source>Load the scan in 3D Slicer, which straightens it, and save it as .nrrd</source>
            <translation>Laden Sie den Scan in 3D Slicer, das ihn gerade richtet, und speichern Sie ihn als .nrrd</translation>
        </message>
        <message>
            <source>The folder {folder} holds {copies} of the slices twice, such as {copies2} and {copies3}</source>
            <translation>Der Ordner {folder} enthält {copies} der Schichten zweimal, etwa {copies2} und {copies3}</translation>
        </message>
        <message>
            <source>Remove the copies</source>
            <translation>Entfernen Sie die Kopien</translation>
        </message>
        <message>
            <source>In {bare} of the {files} slices in {folder}, such as {name}, the {names} of the intensities are missing, which the others tell</source>
            <translation>In {bare} der {files} Schichten in {folder}, etwa {name}, fehlen die Angaben {names} der Intensitäten, die die anderen haben</translation>
        </message>
        <message>
            <source>In {bare} of the {files} slices in {folder}, such as {name}, the {names} of the intensities is missing, which the others tell</source>
            <translation>In {bare} der {files} Schichten in {folder}, etwa {name}, fehlt die Angabe {names} der Intensitäten, die die anderen haben</translation>
        </message>
        <message>
            <source>In {inverted} of the {files} slices in {folder}, such as {name}, low values are bright (MONOCHROME1), in the others high ones, so they are not one scan</source>
            <translation>In {inverted} der {files} Schichten in {folder}, etwa {name}, sind kleine Werte hell (MONOCHROME1), in den anderen große; sie sind also nicht ein Scan</translation>
        </message>
        <message>
            <source>{path} has inverted pixels of more than 16 bits</source>
            <translation>{path} hat umgekehrte Bildpunkte von mehr als 16 Bit</translation>
        </message>
        <message>
            <source>{path} tells its intensities in two ways, by a table and by a slope</source>
            <translation>{path} gibt ihre Intensitäten auf zwei Weisen an, durch eine Tabelle und durch eine Steigung</translation>
        </message>
        <message>
            <source>does not tell the slope of the intensities of {bare} of its {files} slices; their numbers are taken as they are</source>
            <translation>gibt für {bare} seiner {files} Schichten die Steigung der Intensitäten nicht an; ihre Zahlen werden genommen, wie sie sind</translation>
        </message>
        <message>
            <source>gives 0 as the slope of its intensities; its numbers are taken as they are</source>
            <translation>gibt 0 als Steigung der Intensitäten an; seine Zahlen werden genommen, wie sie sind</translation>
        </message>
        <message>
            <source>is CT, but gives the unit of its intensities as {unit}, not HU; its numbers are taken as they are</source>
            <translation>ist CT, gibt aber {unit} statt HU als Einheit der Intensitäten an; seine Zahlen werden genommen, wie sie sind</translation>
        </message>
        <message>
            <source>{path} gives {text} as the {what} of its intensities, which is no usable number</source>
            <translation>{path} gibt {text} als {what} ihrer Intensitäten an; das ist keine brauchbare Zahl</translation>
        </message>
        <message>
            <source>{path} does not tell the scale of its doses</source>
            <translation>{path} sagt nicht, mit welcher Skala ihre Dosen sind</translation>
        </message>
        <message>
            <source>Export it again from the planning system</source>
            <translation>Exportieren Sie es noch einmal aus dem Planungssystem</translation>
        </message>
        <message>
            <source>{path} keeps the {bits} bits of its numbers below bit {value} of a pixel, which is not supported</source>
            <translation>{path} legt die {bits} Bit ihrer Zahlen unter das Bit {value} eines Bildpunkts; das wird nicht unterstützt</translation>
        </message>
        <message>
            <source>{path} tells its intensities by a table that can't be read</source>
            <translation>{path} gibt ihre Intensitäten durch eine Tabelle an, die nicht gelesen werden kann</translation>
        </message>
        <message>
            <source>{path} is empty</source>
            <translation>{path} ist leer</translation>
        </message>
        <message>
            <source>{value} of {size} bytes are missing</source>
            <translation>{value} von {size} Byte fehlen</translation>
        </message>
        <message>
            <source>{size} voxels of {spacing} mm, origin ({origin}) mm, {rotation}</source>
            <translation>{size} Voxel von {spacing} mm, Ursprung ({origin}) mm, {rotation}</translation>
        </message>
        <message>
            <source>does not say how it lies in the body: its axes are taken to run to the left, to the back and upwards</source>
            <translation>sagt nicht, wie es im Körper liegt: angenommen wird, dass seine Achsen nach links, hinten und oben laufen</translation>
        </message>
        <message>
            <source>{path} has an impossible voxel size of {spacing} mm</source>
            <translation>{path} hat eine unmögliche Voxelgröße von {spacing} mm</translation>
        </message>
        <message>
            <source>{path} says that it lies at a place that can't be: its header's position is no usable number</source>
            <translation>{path} liegt nach eigener Angabe an einer unmöglichen Stelle: die Lage im Dateikopf ist keine brauchbare Zahl</translation>
        </message>
        <message>
            <source>Save the scan again with the program that it came from</source>
            <translation>Speichern Sie den Scan noch einmal mit dem Programm, aus dem er kommt</translation>
        </message>
        <message>
            <source>Copy or download the file again</source>
            <translation>Kopieren oder laden Sie die Datei noch einmal herunter</translation>
        </message>
        <message>
            <source>Correct the voxel size, for example in 3D Slicer's module Volumes, and save the scan again</source>
            <translation>Berichtigen Sie die Voxelgröße, zum Beispiel im Modul Volumes von 3D Slicer, und speichern Sie den Scan neu</translation>
        </message>
        <message>
            <source>Open it in 3D Slicer; if that works, save it as .nii.gz or .nrrd</source>
            <translation>Öffnen Sie es in 3D Slicer; gelingt das, speichern Sie es als .nii.gz oder .nrrd</translation>
        </message>
        <message>
            <source>{path} does not exist, only {other}, which differs in capital letters, spaces or accents</source>
            <translation>{path} gibt es nicht, nur {other}, das sich in Großbuchstaben, Leerzeichen oder Akzenten unterscheidet</translation>
        </message>
        <message>
            <source>Rename one as the other is called</source>
            <translation>Benennen Sie eines so um, wie das andere heißt</translation>
        </message>
        <message>
            <source>{path} does not exist</source>
            <translation>{path} gibt es nicht</translation>
        </message>
        <message>
            <source>Put it back, correct its name, or leave the case out</source>
            <translation>Legen Sie die Datei zurück, berichtigen Sie ihren Namen, oder lassen Sie den Fall aus</translation>
        </message>
        <message>
            <source>{path} can't be read ({reason})</source>
            <translation>{path} kann nicht gelesen werden ({reason})</translation>
        </message>
        <message>
            <source>Check the file and its permissions</source>
            <translation>Prüfen Sie die Datei und ihre Zugriffsrechte</translation>
        </message>
        <message>
            <source>{path} does not tell the size of its voxels in mm</source>
            <translation>{path} sagt nicht, wie groß die Voxel in mm sind</translation>
        </message>
        <message>
            <source>Open it in 3D Slicer, set its voxel size in the module Volumes, and save it as .nrrd</source>
            <translation>Öffnen Sie es in 3D Slicer, stellen Sie im Modul Volumes die Voxelgröße ein, und speichern Sie es als .nrrd</translation>
        </message>
        <message>
            <source>not even its header is whole</source>
            <translation>nicht einmal der Dateikopf ist ganz</translation>
        </message>
        <message>
            <source>{path} is cut short: {what}</source>
            <translation>{path} ist abgeschnitten: {what}</translation>
        </message>
        <message>
            <source>no intensities can be scaled by what its header says, {slope} and {intercept}</source>
            <translation>mit dem, was der Dateikopf sagt, {slope} und {intercept}, können keine Intensitäten umgerechnet werden</translation>
        </message>
        <message>
            <source>{path} is damaged</source>
            <translation>{path} ist beschädigt</translation>
        </message>
        <message>
            <source>does not say in which unit and how it lies in the body: mm, and axes to the left, back and up, are assumed</source>
            <translation>sagt nicht, in welcher Einheit und wie es im Körper liegt: mm und Achsen nach links, hinten und oben werden angenommen</translation>
        </message>
        <message>
            <source>.nii, .nii.gz or .hdr</source>
            <translation>.nii, .nii.gz oder .hdr</translation>
        </message>
        <message>
            <source>.mha or .mhd</source>
            <translation>.mha oder .mhd</translation>
        </message>
        <message>
            <source>its voxels are numbers of a kind that is not supported</source>
            <translation>ihre Voxel sind Zahlen einer Art, die nicht unterstützt wird</translation>
        </message>
        <message>
            <source>{path} is not named as files of its format are</source>
            <translation>{path} heißt nicht so wie Dateien ihres Formats</translation>
        </message>
        <message>
            <source>Give the file whose name ends in {known_by_name}, or rename it so</source>
            <translation>Nehmen Sie die Datei, deren Name auf {known_by_name} endet, oder benennen Sie sie so um</translation>
        </message>
        <message>
            <source>{path} is of a format that does not tell the size of its voxels in mm</source>
            <translation>{path} hat ein Format, das die Voxelgröße in mm nicht angibt</translation>
        </message>
        <message>
            <source>{path} has {components} values for each voxel (color or several channels)</source>
            <translation>{path} hat {components} Werte je Voxel (Farbe oder mehrere Kanäle)</translation>
        </message>
        <message>
            <source>Give a scan with one gray value for each voxel</source>
            <translation>Geben Sie einen Scan mit einem Grauwert je Voxel an</translation>
        </message>
        <message>
            <source>{path} is a sequence of {size} volumes ({size2}), not one</source>
            <translation>{path} ist eine Folge von {size} Volumen ({size2}), nicht eines</translation>
        </message>
        <message>
            <source>Save the one that you want as a 3D scan</source>
            <translation>Speichern Sie das gewünschte als 3D-Scan</translation>
        </message>
        <message>
            <source>{path} is a flat image ({size}), not a 3D scan</source>
            <translation>{path} ist ein flaches Bild ({size}), kein 3D-Scan</translation>
        </message>
        <message>
            <source>Give a scan with several slices</source>
            <translation>Geben Sie einen Scan mit mehreren Schichten an</translation>
        </message>
        <message>
            <source>The axes of {path} are not at right angles to each other</source>
            <translation>Die Achsen von {path} stehen nicht senkrecht aufeinander</translation>
        </message>
        <message>
            <source>Resample it to a straight grid, for example in 3D Slicer with the module Resample Scalar/Vector/DWI Volume</source>
            <translation>Rechnen Sie es auf ein gerades Gitter um, zum Beispiel in 3D Slicer mit dem Modul Resample Scalar/Vector/DWI Volume</translation>
        </message>
        <message>
            <source>{path} is too large for this computer's memory</source>
            <translation>{path} ist zu groß für den Arbeitsspeicher dieses Computers</translation>
        </message>
        <message>
            <source>Crop the scan, or free memory</source>
            <translation>Schneiden Sie den Scan zu, oder machen Sie Arbeitsspeicher frei</translation>
        </message>
        <message>
            <source>it is no scan, or of an unknown format</source>
            <translation>es ist kein Scan, oder das Format ist unbekannt</translation>
        </message>
        <message>
            <source>{path} is cut short</source>
            <translation>{path} ist abgeschnitten</translation>
        </message>
        <message>
            <source>it is damaged, or of a kind that is not supported</source>
            <translation>es ist beschädigt, oder von einer Art, die nicht unterstützt wird</translation>
        </message>
        <message>
            <source>The label {path} is a folder, not a file</source>
            <translation>Das Label {path} ist ein Ordner, keine Datei</translation>
        </message>
        <message>
            <source>Save all of its structures as one label map, such as {name}.nii.gz or {name}.seg.nrrd</source>
            <translation>Speichern Sie alle Strukturen als eine Labelkarte, etwa {name}.nii.gz oder {name}.seg.nrrd</translation>
        </message>
        <message>
            <source>The label {path} has several values for each voxel</source>
            <translation>Die Labeldatei {path} hat mehrere Werte je Voxel</translation>
        </message>
        <message>
            <source>Save it as one label map; segments of 3D Slicer must not overlap</source>
            <translation>Speichern Sie sie als eine Labelkarte; Segmente in 3D Slicer dürfen sich nicht überdecken</translation>
        </message>
        <message>
            <source>The label {path} does not lie on the grid of its scan: the label has {describe}; the scan has {describe2}</source>
            <translation>Die Labeldatei {path} liegt nicht auf dem Gitter ihres Scans: die Labeldatei hat {describe}; der Scan hat {describe2}</translation>
        </message>
        <message>
            <source>Check that the label belongs to this scan; then export it again with the scan as reference volume</source>
            <translation>Prüfen Sie, ob die Labeldatei zu diesem Scan gehört; dann exportieren Sie sie noch einmal mit dem Scan als Referenzvolumen</translation>
        </message>
        <message>
            <source>The label {path} holds values that are not whole numbers or too large, such as {bad}</source>
            <translation>Die Labeldatei {path} enthält Werte, die nicht ganze Zahlen oder zu groß sind, etwa {bad}</translation>
        </message>
        <message>
            <source>Check that it is a label, not a scan or a probability map; resample labels with nearest neighbor only</source>
            <translation>Prüfen Sie, ob es eine Labeldatei ist, kein Scan und keine Wahrscheinlichkeitskarte; rechnen Sie Labeldateien nur mit dem nächsten Nachbarn um</translation>
        </message>
        <message>
            <source>{path} can't be read</source>
            <translation>{path} kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>Save it as one file for each segment</source>
            <translation>Speichern Sie es als eine Datei je Segment</translation>
        </message>
        <message>
            <source>{path} has too many dimensions</source>
            <translation>{path} hat zu viele Dimensionen</translation>
        </message>
        <message>
            <source>its header tells of far more voxels than it holds</source>
            <translation>ihr Dateikopf nennt viel mehr Voxel, als sie enthält</translation>
        </message>
        <message>
            <source>{path} is too large for this computer's memory, with {size} voxels</source>
            <translation>{path} ist mit {size} Voxeln zu groß für den Arbeitsspeicher dieses Computers</translation>
        </message>
        <message>
            <source>Crop the scan or make it coarser, or free memory</source>
            <translation>Schneiden Sie den Scan zu, machen Sie ihn gröber, oder machen Sie Arbeitsspeicher frei</translation>
        </message>
        <message>
            <source>its header has no end</source>
            <translation>ihr Dateikopf hat kein Ende</translation>
        </message>
        <message>
            <source>its {key} has {values} numbers</source>
            <translation>{key} darin hat {values} Zahlen</translation>
        </message>
        <message>
            <source>its header gives {spacing} voxel sizes for {sizes} axes</source>
            <translation>ihr Dateikopf nennt {spacing} Voxelgrößen für {sizes} Achsen</translation>
        </message>
        <message>
            <source>{path} holds compressed voxels but not their compressed size, so it can't be read</source>
            <translation>{path} enthält gepackte Voxel, aber nicht deren gepackte Größe, und kann deshalb nicht gelesen werden</translation>
        </message>
        <message>
            <source>Save it again without compression, or as .nrrd</source>
            <translation>Speichern Sie es noch einmal ohne Kompression, oder als .nrrd</translation>
        </message>
        <message>
            <source>{path} gives {scale} and {scale2} as slope and intercept of its intensities, which are no usable numbers</source>
            <translation>{path} gibt {scale} und {scale2} als Steigung und Achsenabschnitt der Intensitäten an; das sind keine brauchbaren Zahlen</translation>
        </message>
        <message>
            <source>its header makes no sense</source>
            <translation>ihr Dateikopf ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>{path} gives its voxel size in an unknown unit ({unit})</source>
            <translation>{path} gibt die Voxelgröße in einer unbekannten Einheit an ({unit})</translation>
        </message>
        <message>
            <source>{path} is compressed but its name does not say so</source>
            <translation>{path} ist gepackt, aber ihr Name sagt das nicht</translation>
        </message>
        <message>
            <source>Rename it to end in .nii.gz</source>
            <translation>Benennen Sie sie um, sodass sie auf .nii.gz endet</translation>
        </message>
        <message>
            <source>{path} is not a NIfTI file, though its name says so</source>
            <translation>{path} ist keine NIfTI-Datei, obwohl ihr Name das sagt</translation>
        </message>
        <message>
            <source>{path} gives its voxel size in an unknown unit ({value})</source>
            <translation>{path} gibt die Voxelgröße in einer unbekannten Einheit an ({value})</translation>
        </message>
        <message>
            <source>holds two poses that differ by up to {distance} mm: its {name} is used, not its {other}</source>
            <translation>enthält zwei Lagen, die sich um bis zu {distance} mm unterscheiden: genommen wird {name}, nicht {other}</translation>
        </message>
        <message>
            <source>gives two voxel sizes: that of its header, {spacing} mm, is used, not that of its sform, which would place voxels up to {distance} mm elsewhere</source>
            <translation>nennt zwei Voxelgrößen: genommen wird die im Dateikopf, {spacing} mm, nicht die der sform, die Voxel bis zu {distance} mm anderswohin setzen würde</translation>
        </message>
        <message>
            <source>{left} of {byte_count} bytes are missing</source>
            <translation>{left} von {byte_count} Byte fehlen</translation>
        </message>
        <message>
            <source>its header is not whole</source>
            <translation>ihr Dateikopf ist nicht ganz</translation>
        </message>
        <message>
            <source>its header has a line that makes no sense ({line})</source>
            <translation>ihr Dateikopf hat eine Zeile, die keinen Sinn ergibt ({line})</translation>
        </message>
        <message>
            <source>{path} is a film: its axis {value} is time, so it is no 3D scan</source>
            <translation>{path} ist ein Film: die Achse {value} ist die Zeit, also ist es kein 3D-Scan</translation>
        </message>
        <message>
            <source>{path} gives its voxel size in units that are not understood ({named})</source>
            <translation>{path} gibt die Voxelgröße in Einheiten an, die nicht zu verstehen sind ({named})</translation>
        </message>
        <message>
            <source>files of this kind are not read</source>
            <translation>Dateien dieser Art werden nicht gelesen</translation>
        </message>
        <message>
            <source>convert them to .nii.gz</source>
            <translation>wandeln Sie sie in .nii.gz um</translation>
        </message>
        <message>
            <source>files of this kind are only read where each is named</source>
            <translation>Dateien dieser Art werden nur gelesen, wo jede genannt ist</translation>
        </message>
        <message>
            <source>name each of them, for example in a table cases.csv, or convert them to .nii.gz</source>
            <translation>nennen Sie jede, zum Beispiel in einer Tabelle cases.csv, oder wandeln Sie sie in .nii.gz um</translation>
        </message>
        <message>
            <source>files packed so are not read</source>
            <translation>so gepackte Dateien werden nicht gelesen</translation>
        </message>
        <message>
            <source>unpack them</source>
            <translation>entpacken Sie sie</translation>
        </message>
        <message>
            <source>{files} in {name} are left out: {why}; {remedy}</source>
            <translation>{files} in {name} werden ausgelassen: {why}; {remedy}</translation>
        </message>
        <message>
            <source>{files} in {name} is left out: {why}; {remedy}</source>
            <translation>{files} in {name} wird ausgelassen: {why}; {remedy}</translation>
        </message>
        <message>
            <source>The folder {folder} can't be read ({strerror})</source>
            <translation>Der Ordner {folder} kann nicht gelesen werden ({strerror})</translation>
        </message>
        <message>
            <source>{lead} file name {path} holds signs that are no text</source>
            <translation>{lead} Dateiname {path} enthält Zeichen, die kein Text sind</translation>
        </message>
        <message>
            <source>{lead} file name {path} holds a zero character</source>
            <translation>{lead} Dateiname {path} enthält ein Nullzeichen</translation>
        </message>
        <message>
            <source>{lead} file name {name} is too long</source>
            <translation>{lead} Dateiname {name} ist zu lang</translation>
        </message>
        <message>
            <source>the header of {suffix} files is not as expected</source>
            <translation>der Kopf von {suffix}-Dateien ist nicht wie erwartet</translation>
        </message>
        <message>
            <source>it unpacks to far more than its header tells</source>
            <translation>sie ergibt entpackt viel mehr, als ihr Kopf sagt</translation>
        </message>
        <message>
            <source>its last part is missing</source>
            <translation>ihr letzter Teil fehlt</translation>
        </message>
        <message>
            <source>{path} holds {frames} times and {channels} channels, not one volume</source>
            <translation>{path} enthält {frames} Zeitpunkte und {channels} Kanäle, nicht ein Volumen</translation>
        </message>
        <message>
            <source>it is no TIFF file, though its name says so</source>
            <translation>es ist keine TIFF-Datei, obwohl ihr Name das sagt</translation>
        </message>
        <message>
            <source>{path} can't be written</source>
            <translation>{path} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Check the folder and the disk</source>
            <translation>Prüfen Sie den Ordner und den Datenträger</translation>
        </message>
        <message>
            <source>{path} can't be written: unknown format</source>
            <translation>{path} kann nicht geschrieben werden: unbekanntes Format</translation>
        </message>
        <message>
            <source>End the name in .nii.gz or .nrrd</source>
            <translation>Lassen Sie den Namen auf .nii.gz oder .nrrd enden</translation>
        </message>
        <message>
            <source>{path} can't be written, perhaps since the disk is full</source>
            <translation>{path} kann nicht geschrieben werden, vielleicht weil der Datenträger voll ist</translation>
        </message>
        <message>
            <source>mean teacher</source>
            <translation>gemittelter Lehrer</translation>
        </message>
        <message>
            <source>mutual learning</source>
            <translation>gegenseitiges Lernen</translation>
        </message>
        <message>
            <source>The published method with its published settings; see Docs/method.md for how the default differs</source>
            <translation>Die veröffentlichte Methode mit ihren veröffentlichten Einstellungen; worin die übliche abweicht, steht in Docs/method.md</translation>
        </message>
        <message>
            <source>Scans are turned and mirrored, as published for the left atrium</source>
            <translation>Scans werden gedreht und gespiegelt, wie für den linken Vorhof veröffentlicht</translation>
        </message>
        <message>
            <source>The method "{name}" is unknown to this version of DualTaskSeg</source>
            <translation>Die Methode „{name}“ ist dieser Version von DualTaskSeg unbekannt</translation>
        </message>
        <message>
            <source>Use one of {methods}, or update DualTaskSeg</source>
            <translation>Nehmen Sie eine von {methods}, oder aktualisieren Sie DualTaskSeg</translation>
        </message>
        <message>
            <source>The preset {preset} is a method by itself, so it can't be trained by the method {name}</source>
            <translation>Die Voreinstellung {preset} ist eine eigene Methode und kann nicht mit der Methode {name} trainiert werden</translation>
        </message>
        <message>
            <source>Choose another preset for the method {name}, or leave the method out</source>
            <translation>Wählen Sie für die Methode {name} eine andere Voreinstellung, oder lassen Sie die Methode weg</translation>
        </message>
        <message>
            <source>Get an intact copy of the model, or train it again</source>
            <translation>Besorgen Sie eine unbeschädigte Kopie des Modells, oder trainieren Sie es neu</translation>
        </message>
        <message>
            <source>The weights of the model in {parent} are of the type {get_dtype}, not {dtype} as this program writes them</source>
            <translation>Die Gewichte des Modells in {parent} sind vom Typ {get_dtype}, nicht {dtype}, wie dieses Programm sie schreibt</translation>
        </message>
        <message>
            <source>The weights of the model in {parent} can't be read ({error})</source>
            <translation>Die Gewichte des Modells in {parent} können nicht gelesen werden ({error})</translation>
        </message>
        <message>
            <source>The weights of the model in {parent} are damaged: some are no numbers</source>
            <translation>Die Gewichte des Modells in {parent} sind beschädigt: einige sind keine Zahlen</translation>
        </message>
        <message>
            <source>The weights of the model in {parent} are damaged: some are absurdly large</source>
            <translation>Die Gewichte des Modells in {parent} sind beschädigt: einige sind unsinnig groß</translation>
        </message>
        <message>
            <source>The weights of the model in {parent} do not fit its plan</source>
            <translation>Die Gewichte des Modells in {parent} passen nicht zu seinem Plan</translation>
        </message>
        <message>
            <source>The model in {parent} has a plan whose networks can't be built</source>
            <translation>Das Modell in {parent} hat einen Plan, dessen Netze nicht gebaut werden können</translation>
        </message>
        <message>
            <source>{file} exists already</source>
            <translation>{file} gibt es schon</translation>
        </message>
        <message>
            <source>Choose another name, or remove it first</source>
            <translation>Wählen Sie einen anderen Namen, oder entfernen Sie sie zuerst</translation>
        </message>
        <message>
            <source>its weights are not those it was made with</source>
            <translation>seine Gewichte sind nicht die, mit denen es gemacht wurde</translation>
        </message>
        <message>
            <source>The model can't be written into {target_folder}</source>
            <translation>Das Modell kann nicht in {target_folder} geschrieben werden</translation>
        </message>
        <message>
            <source>There is no file {file}</source>
            <translation>Eine Datei {file} gibt es nicht</translation>
        </message>
        <message>
            <source>Give a file that ends with {suffix}</source>
            <translation>Geben Sie eine Datei an, die auf {suffix} endet</translation>
        </message>
        <message>
            <source>{file} is damaged or not an exported model ({error})</source>
            <translation>{file} ist beschädigt oder kein exportiertes Modell ({error})</translation>
        </message>
        <message>
            <source>a file in it is longer or shorter than declared</source>
            <translation>eine Datei darin ist länger oder kürzer als angegeben</translation>
        </message>
        <message>
            <source>it must hold exactly {description_name} and {weights_name}</source>
            <translation>es muss genau {description_name} und {weights_name} enthalten</translation>
        </message>
        <message>
            <source>a file in it is a link, encrypted, or not a plain file</source>
            <translation>eine Datei darin ist ein Verweis, verschlüsselt oder keine gewöhnliche Datei</translation>
        </message>
        <message>
            <source>a file in it is packed in an unknown way</source>
            <translation>eine Datei darin ist auf unbekannte Weise gepackt</translation>
        </message>
        <message>
            <source>a file in it would become far too large</source>
            <translation>eine Datei darin würde viel zu groß</translation>
        </message>
        <message>
            <source>The disk of {folder} has {value} MB free, and the model needs {value2} MB</source>
            <translation>Auf dem Datenträger von {folder} sind {value} MB frei, und das Modell braucht {value2} MB</translation>
        </message>
        <message>
            <source>Make room or choose another folder</source>
            <translation>Machen Sie Platz, oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>Get the model again from where it came from</source>
            <translation>Besorgen Sie das Modell noch einmal von dort, woher es kam</translation>
        </message>
        <message>
            <source>its table can't be read ({error})</source>
            <translation>seine Tabelle kann nicht gelesen werden ({error})</translation>
        </message>
        <message>
            <source>The model is damaged: {why}</source>
            <translation>Das Modell ist beschädigt: {why}</translation>
        </message>
        <message>
            <source>it is not a description of a model</source>
            <translation>es ist keine Beschreibung eines Modells</translation>
        </message>
        <message>
            <source>it names no format</source>
            <translation>sie nennt kein Format</translation>
        </message>
        <message>
            <source>The model was made by a newer version of this program (format {version}, known here: {format})</source>
            <translation>Das Modell wurde von einer neueren Version dieses Programms gemacht (Format {version}, hier bekannt: {format})</translation>
        </message>
        <message>
            <source>Update DualTaskSeg</source>
            <translation>Aktualisieren Sie DualTaskSeg</translation>
        </message>
        <message>
            <source>it lacks the checksum of the weights</source>
            <translation>ihm fehlt die Prüfsumme der Gewichte</translation>
        </message>
        <message>
            <source> ({trained} in part)</source>
            <translation> ({trained} teilweise)</translation>
        </message>
        <message>
            <source>Trained on:  {trained} labeled{partly} and {trained2} unlabeled cases, {trained3} held out for validation</source>
            <translation>Gelernt aus:  {trained} Fällen mit{partly} und {trained2} ohne Kontur, {trained3} für die Validierung zurückgehalten</translation>
        </message>
        <message>
            <source>Prediction:  coarse networks find where to look in the whole scan, the others look closely there</source>
            <translation>Segmentierung:  grobe Netze finden im ganzen Scan, wo etwas ist, die anderen sehen dort genau hin</translation>
        </message>
        <message>
            <source>Prediction:  looks at a scan roughly first, and closely where something was seen</source>
            <translation>Vorhersage:  sieht einen Scan zuerst grob an, und genau, wo etwas zu sehen war</translation>
        </message>
        <message>
            <source>Weights:     SHA-256 {weights_sha256}</source>
            <translation>Gewichte:     SHA-256 {weights_sha256}</translation>
        </message>
        <message>
            <source>Validation:  none ({value})</source>
            <translation>Validierung:  keine ({value})</translation>
        </message>
        <message>
            <source>"{key}" is missing or not a text</source>
            <translation>„{key}“ fehlt oder ist kein Text</translation>
        </message>
        <message>
            <source>"{key}" is missing or not a table</source>
            <translation>„{key}“ fehlt oder ist keine Tabelle</translation>
        </message>
        <message>
            <source>"versions" are not all texts</source>
            <translation>„versions“ sind nicht alle Texte</translation>
        </message>
        <message>
            <source>its description is too long</source>
            <translation>seine Beschreibung ist zu lang</translation>
        </message>
        <message>
            <source>The model in {folder}</source>
            <translation>Das Modell in {folder}</translation>
        </message>
        <message>
            <source>The model in {folder} lacks its weights, {weights_name}</source>
            <translation>Dem Modell in {folder} fehlen die Gewichte, {weights_name}</translation>
        </message>
        <message>
            <source>The model needs a name that is no path</source>
            <translation>Das Modell braucht einen Namen, der kein Pfad ist</translation>
        </message>
        <message>
            <source>Type a name</source>
            <translation>Tippen Sie einen Namen ein</translation>
        </message>
        <message>
            <source>The model in {folder} can't be written</source>
            <translation>Das Modell in {folder} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Make sure that you may write there</source>
            <translation>Sorgen Sie dafür, dass Sie dort schreiben dürfen</translation>
        </message>
        <message>
            <source>{path} is an exported model</source>
            <translation>{path} ist ein exportiertes Modell</translation>
        </message>
        <message>
            <source>Import it first: dualtaskseg model import "{path}" --out FOLDER</source>
            <translation>Importieren Sie es zuerst (auf der Kommandozeile: dualtaskseg model import "{path}" --out ORDNER)</translation>
        </message>
        <message>
            <source>The run in {path} has no model yet</source>
            <translation>Das Training in {path} hat noch kein Modell</translation>
        </message>
        <message>
            <source>Let it finish: dualtaskseg resume "{path}"</source>
            <translation>Lassen Sie es fertig werden (auf der Kommandozeile: dualtaskseg resume "{path}")</translation>
        </message>
        <message>
            <source>The model</source>
            <translation>Das Modell</translation>
        </message>
        <message>
            <source>There is no model in {path}</source>
            <translation>In {path} ist kein Modell</translation>
        </message>
        <message>
            <source>Give a model folder, or a run folder whose training has finished</source>
            <translation>Geben Sie einen Modellordner an, oder einen Trainingsordner, dessen Training fertig ist</translation>
        </message>
        <message>
            <source>{folder} exists and is not a model</source>
            <translation>{folder} ist da und kein Modell</translation>
        </message>
        <message>
            <source>The weights in {path} are not those the model was made with</source>
            <translation>Die Gewichte in {path} sind nicht die, mit denen das Modell gemacht wurde</translation>
        </message>
        <message>
            <source>its weights are not a safetensors file</source>
            <translation>seine Gewichte sind keine safetensors-Datei</translation>
        </message>
        <message>
            <source>its weights end early</source>
            <translation>seine Gewichte enden zu früh</translation>
        </message>
        <message>
            <source>its weights have no table</source>
            <translation>seine Gewichte haben keine Tabelle</translation>
        </message>
        <message>
            <source>its weights overlap or have gaps</source>
            <translation>seine Gewichte überdecken sich oder haben Lücken</translation>
        </message>
        <message>
            <source>its weights are longer or shorter than their table says</source>
            <translation>seine Gewichte sind länger oder kürzer, als ihre Tabelle sagt</translation>
        </message>
        <message>
            <source>the entry {name} of its weights makes no sense</source>
            <translation>der Eintrag {name} seiner Gewichte ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>{value} and {value2} more</source>
            <translation>{value} und {value2} weitere</translation>
        </message>
        <message>
            <source>The structures fill a small part of the scans, {shares} with the box round them. So a second pair of networks learns first to find them at {spacing} mm, in patches that show {value} mm; the others learn and predict where these see something, and wherever a structure reaches beyond that</source>
            <translation>Die Strukturen füllen einen kleinen Teil der Scans, {shares} mit dem Quader um sie herum. Darum lernt zuerst ein zweites Paar von Netzen, sie bei {spacing} mm zu finden, in Ausschnitten, die {value} mm zeigen; die anderen lernen und segmentieren dort, wo diese etwas sehen, und wo eine Struktur darüber hinausreicht</translation>
        </message>
        <message>
            <source>The training plan is damaged</source>
            <translation>Der Trainingsplan ist beschädigt</translation>
        </message>
        <message>
            <source>The training plan has format {data}, this version reads up to {format}</source>
            <translation>Der Trainingsplan hat das Format {data}, diese Version liest bis {format}</translation>
        </message>
        <message>
            <source>The training plan is damaged ({error})</source>
            <translation>Der Trainingsplan ist beschädigt ({error})</translation>
        </message>
        <message>
            <source>The training plan is damaged: {fault}</source>
            <translation>Der Trainingsplan ist beschädigt: {fault}</translation>
        </message>
        <message>
            <source>Every scan is brought to {spacing} mm and trained on in patches of {patch} voxels ({value} mm)</source>
            <translation>Jeder Scan wird auf {spacing} mm gebracht und in Ausschnitten von {patch} Voxeln ({value} mm) trainiert</translation>
        </message>
        <message>
            <source>The scans' usual voxels are {usual} mm; {small} of {parts} outlined parts in finer scans are smaller, so {finer} mm are used</source>
            <translation>Die üblichen Voxel der Scans sind {usual} mm; {small} von {parts} konturierten Teilen in feineren Scans sind kleiner, deshalb werden {finer} mm genommen</translation>
        </message>
        <message>
            <source>The scans have {native} mm; they are trained on at {spacing} mm so that a patch shows the structure with its surroundings. A larger preset keeps more detail</source>
            <translation>Die Scans haben {native} mm; trainiert wird mit {spacing} mm, damit ein Ausschnitt die Struktur mit ihrer Umgebung zeigt. Eine größere Voreinstellung behält mehr Einzelheiten</translation>
        </message>
        <message>
            <source>CT numbers are clipped to {lower} to {upper} HU, the usual range inside the labeled structures</source>
            <translation>CT-Zahlen werden auf {lower} bis {upper} HU begrenzt, den üblichen Bereich in den konturierten Strukturen</translation>
        </message>
        <message>
            <source>Each scan's intensities are brought to the same mean and spread, since they mean nothing by themselves</source>
            <translation>Die Intensitäten jedes Scans werden auf denselben Mittelwert und dieselbe Streuung gebracht, denn für sich bedeuten sie nichts</translation>
        </message>
        <message>
            <source>{small} of {scans} scans is smaller than half a patch along an axis; beyond their borders they are continued by their outermost voxels, as if there were more of the same</source>
            <translation>{small} von {scans} Scans ist entlang einer Achse kleiner als ein halber Ausschnitt; über die Ränder hinaus wird er mit den äußersten Voxeln fortgesetzt, als käme mehr vom Gleichen</translation>
        </message>
        <message>
            <source>{small} of {scans} scans are smaller than half a patch along an axis; beyond their borders they are continued by their outermost voxels, as if there were more of the same</source>
            <translation>{small} von {scans} Scans sind entlang einer Achse kleiner als ein halber Ausschnitt; über die Ränder hinaus werden sie mit den äußersten Voxeln fortgesetzt, als käme mehr vom Gleichen</translation>
        </message>
        <message>
            <source>The structures fill a small part of the scans: a prediction that looks at every second patch along each axis first, and computes all patches only around what either network saw there, or where a structure reaches beyond that, is expected to take {shares} of the time. Whether it overlooks anything is tried when the training ends</source>
            <translation>Die Strukturen füllen einen kleinen Teil der Scans: Eine Segmentierung, die zuerst jeden zweiten Ausschnitt entlang jeder Achse ansieht und alle nur dort berechnet, wo eines der Netze etwas sah oder eine Struktur darüber hinausreicht, braucht voraussichtlich {shares} der Zeit. Ob sie etwas übersieht, wird ausprobiert, wenn das Training endet</translation>
        </message>
        <message>
            <source>The prepared scan {name} is gone or damaged ({path})</source>
            <translation>Der vorbereitete Scan {name} ist weg oder beschädigt ({path})</translation>
        </message>
        <message>
            <source>Delete the folder 'prepared' of the run and resume; it is made again from the scans</source>
            <translation>Löschen Sie den Ordner „prepared“ des Trainings, und setzen Sie es fort; er wird aus den Scans neu gemacht</translation>
        </message>
        <message>
            <source>Make room on the disk or choose another folder for the run, then resume</source>
            <translation>Machen Sie auf dem Datenträger Platz, oder wählen Sie einen anderen Ordner für das Training, dann setzen Sie es fort</translation>
        </message>
        <message>
            <source>The prepared scan {path} can't be written</source>
            <translation>Der vorbereitete Scan {path} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Make room on the disk, or choose another folder</source>
            <translation>Machen Sie auf dem Datenträger Platz, oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>Make sure that you may read and write there, or choose another folder</source>
            <translation>Sorgen Sie dafür, dass Sie dort lesen und schreiben dürfen, oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>Make sure that the disk is connected, then try again</source>
            <translation>Sorgen Sie dafür, dass der Datenträger verbunden ist, dann versuchen Sie es noch einmal</translation>
        </message>
        <message>
            <source>Make sure that nobody moves, renames or removes it meanwhile, then try again</source>
            <translation>Sorgen Sie dafür, dass es unterdessen niemand verschiebt, umbenennt oder entfernt, dann versuchen Sie es noch einmal</translation>
        </message>
        <message>
            <source>Make sure that you may read it</source>
            <translation>Sorgen Sie dafür, dass Sie sie lesen dürfen</translation>
        </message>
        <message>
            <source>Close other programs, or raise the number of files that may be open (ulimit -n)</source>
            <translation>Schließen Sie andere Programme, oder erhöhen Sie die Zahl der Dateien, die offen sein dürfen (ulimit -n)</translation>
        </message>
        <message>
            <source>Choose a folder on a disk that takes files of this size, or raise the limit (ulimit -f)</source>
            <translation>Wählen Sie einen Ordner auf einem Datenträger, der so große Dateien aufnimmt, oder erhöhen Sie die Grenze (ulimit -f)</translation>
        </message>
        <message>
            <source>The file or folder is protected against changes: lift the protection, or choose another folder</source>
            <translation>Die Datei oder der Ordner ist gegen Änderungen geschützt: heben Sie den Schutz auf, oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>The disk can only be read: choose a folder on a disk that can be written</source>
            <translation>Der Datenträger kann nur gelesen werden: wählen Sie einen Ordner auf einem, der beschrieben werden kann</translation>
        </message>
        <message>
            <source>A folder stands where a file should be: move it away, or choose another name</source>
            <translation>Ein Ordner steht, wo eine Datei sein sollte: schaffen Sie ihn weg, oder wählen Sie einen anderen Namen</translation>
        </message>
        <message>
            <source>Something stands there already: move it away, or choose another name</source>
            <translation>Dort steht schon etwas: schaffen Sie es weg, oder wählen Sie einen anderen Namen</translation>
        </message>
        <message>
            <source>The folder is not empty: move what is in it away, or choose another one</source>
            <translation>Der Ordner ist nicht leer: schaffen Sie weg, was darin ist, oder wählen Sie einen anderen</translation>
        </message>
        <message>
            <source>Close other programs, so that there is more memory</source>
            <translation>Schließen Sie andere Programme, damit mehr Arbeitsspeicher da ist</translation>
        </message>
        <message>
            <source>Choose a shorter name</source>
            <translation>Wählen Sie einen kürzeren Namen</translation>
        </message>
        <message>
            <source>Choose a name that this disk can hold</source>
            <translation>Wählen Sie einen Namen, den dieser Datenträger aufnehmen kann</translation>
        </message>
        <message>
            <source>Choose a name or a folder that this disk can hold</source>
            <translation>Wählen Sie einen Namen oder einen Ordner, den dieser Datenträger aufnehmen kann</translation>
        </message>
        <message>
            <source>It is a link, or leads through links without end: put the file or folder itself there</source>
            <translation>Es ist ein Verweis, oder führt über Verweise ohne Ende: legen Sie die Datei oder den Ordner selbst dorthin</translation>
        </message>
        <message>
            <source>Another program is using it: close that program, then try again</source>
            <translation>Ein anderes Programm benutzt es: schließen Sie dieses, dann versuchen Sie es noch einmal</translation>
        </message>
        <message>
            <source>Put a plain file or folder on a usual disk in its place</source>
            <translation>Setzen Sie eine gewöhnliche Datei oder einen Ordner auf einem gewöhnlichen Datenträger an seine Stelle</translation>
        </message>
        <message>
            <source>Choose a folder on the same disk</source>
            <translation>Wählen Sie einen Ordner auf demselben Datenträger</translation>
        </message>
        <message>
            <source>{path} can't be read ({error})</source>
            <translation>{path} kann nicht gelesen werden ({error})</translation>
        </message>
        <message>
            <source>The run folder {path} can't be written</source>
            <translation>Der Trainingsordner {path} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Another process is making a run in {folder}</source>
            <translation>Ein anderer Prozess legt gerade ein Training in {folder} an</translation>
        </message>
        <message>
            <source>Choose another folder with --out</source>
            <translation>Wählen Sie einen anderen Ordner (auf der Kommandozeile mit --out)</translation>
        </message>
        <message>
            <source>{path} is not a run folder: it has no {request_name}</source>
            <translation>{path} ist kein Trainingsordner: darin ist keine {request_name}</translation>
        </message>
        <message>
            <source>Give the folder that was named with --out when the training was started</source>
            <translation>Geben Sie den Ordner an, der mit --out genannt wurde, als das Training begann</translation>
        </message>
        <message>
            <source>{request_file} is damaged: it names no format</source>
            <translation>{request_file} ist beschädigt: sie nennt kein Format</translation>
        </message>
        <message>
            <source>{path} was made by a newer version of this program (format {version}, known here: {format})</source>
            <translation>{path} wurde von einer neueren Version dieses Programms gemacht (Format {version}, hier bekannt: {format})</translation>
        </message>
        <message>
            <source>Go on with: dualtaskseg resume "{folder}"</source>
            <translation>Setzen Sie es fort (auf der Kommandozeile: dualtaskseg resume "{folder}")</translation>
        </message>
        <message>
            <source>Ended at once, before anything of the training was saved. Begin it again with: {again}</source>
            <translation>Sofort beendet, bevor etwas vom Training gespeichert war. Beginnen Sie es neu mit: {again}</translation>
        </message>
        <message>
            <source>Ended at once; what was done since the last saved state, at most a minute, is lost. Go on with: {again}</source>
            <translation>Sofort beendet; was seit dem letzten gespeicherten Zwischenstand geschah, höchstens eine Minute, ist verloren. Weiter mit: {again}</translation>
        </message>
        <message>
            <source>not what belongs there</source>
            <translation>nicht das, was dorthin gehört</translation>
        </message>
        <message>
            <source>{path} is a link, and the training would write through it</source>
            <translation>{path} ist ein Verweis, und das Training würde durch ihn hindurch schreiben</translation>
        </message>
        <message>
            <source>{path} is not what belongs there, and the training would write through it</source>
            <translation>{path} ist nicht das, was dorthin gehört, und das Training würde hinein schreiben</translation>
        </message>
        <message>
            <source>Move it away, then try again</source>
            <translation>Schaffen Sie es weg, dann versuchen Sie es noch einmal</translation>
        </message>
        <message>
            <source>; prepared scans are made again</source>
            <translation>; vorbereitete Scans werden neu gemacht</translation>
        </message>
        <message>
            <source>{split_file} holds another split, and a split is drawn once</source>
            <translation>{split_file} enthält eine andere Aufteilung, und eine Aufteilung wird nur einmal gezogen</translation>
        </message>
        <message>
            <source>Put an intact copy back, from a backup of the run folder</source>
            <translation>Legen Sie eine unbeschädigte Kopie aus einer Sicherung des Trainingsordners zurück</translation>
        </message>
        <message>
            <source>it is a link</source>
            <translation>es ist ein Verweis</translation>
        </message>
        <message>
            <source>Make sure the disk is connected and that you may write there</source>
            <translation>Sorgen Sie dafür, dass der Datenträger verbunden ist und Sie dort schreiben dürfen</translation>
        </message>
        <message>
            <source>The run folder {folder} can't be written</source>
            <translation>Der Trainingsordner {folder} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>its number is unknown</source>
            <translation>seine Nummer ist unbekannt</translation>
        </message>
        <message>
            <source>Another process ({who}) is training in this run folder, {folder}</source>
            <translation>Ein anderer Prozess ({who}) trainiert in diesem Trainingsordner, {folder}</translation>
        </message>
        <message>
            <source>Wait until it ends, or stop it with: dualtaskseg stop {folder}</source>
            <translation>Warten Sie, bis er endet, oder halten Sie ihn an (auf der Kommandozeile: dualtaskseg stop {folder})</translation>
        </message>
        <message>
            <source>{folder} is a file, not a folder</source>
            <translation>{folder} ist eine Datei, kein Ordner</translation>
        </message>
        <message>
            <source>{folder} already holds a run</source>
            <translation>{folder} enthält schon ein Training</translation>
        </message>
        <message>
            <source>Continue it with: dualtaskseg resume {folder}, or choose another folder with --out</source>
            <translation>Setzen Sie es fort (auf der Kommandozeile: dualtaskseg resume {folder}), oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>The folder {folder} is not empty (it holds {foreign})</source>
            <translation>Der Ordner {folder} ist nicht leer (er enthält {foreign})</translation>
        </message>
        <message>
            <source>Choose another one with --out</source>
            <translation>Wählen Sie einen anderen (auf der Kommandozeile mit --out)</translation>
        </message>
        <message>
            <source>{filename} stands where this program keeps its lock, but {error}</source>
            <translation>{filename} steht, wo dieses Programm seine Sperre hat, aber {error}</translation>
        </message>
        <message>
            <source>held by {value}</source>
            <translation>gehalten von {value}</translation>
        </message>
        <message>
            <source>this program did not make it</source>
            <translation>dieses Programm hat es nicht gemacht</translation>
        </message>
        <message>
            <source>Another training, in {holder}, is using the device {device_name}</source>
            <translation>Ein anderes Training, in {holder}, benutzt das Gerät {device_name}</translation>
        </message>
        <message>
            <source>Wait until it ends, stop it, or choose another device</source>
            <translation>Warten Sie, bis es endet, halten Sie es an, oder wählen Sie ein anderes Gerät</translation>
        </message>
        <message>
            <source>an unknown folder</source>
            <translation>einem unbekannten Ordner</translation>
        </message>
        <message>
            <source>{validation} of {labeled} labeled cases, chosen by the user, were never learned from and measure the quality</source>
            <translation>{validation} von {labeled} Fällen mit Kontur, vom Benutzer gewählt, dienten nie zum Lernen und messen die Qualität</translation>
        </message>
        <message>
            <source>{name} is damaged; nothing was learned yet, so it is drawn again</source>
            <translation>{name} ist beschädigt; gelernt wurde noch nichts, deshalb wird neu gezogen</translation>
        </message>
        <message>
            <source>{name} is {value}: it is made again from the saved state</source>
            <translation>{name} ist {value}: wird aus dem gespeicherten Zwischenstand neu gemacht</translation>
        </message>
        <message>
            <source>The case {unknown} is to be held out for validation but is not labeled</source>
            <translation>Der Fall {unknown} soll für die Validierung zurückgehalten werden, hat aber keine Kontur</translation>
        </message>
        <message>
            <source>Label it, or do not hold it out</source>
            <translation>Konturieren Sie ihn, oder halten Sie ihn nicht zurück</translation>
        </message>
        <message>
            <source>All labeled cases are to be held out for validation, so none is left to learn from</source>
            <translation>Alle Fälle mit Kontur sollen für die Validierung zurückgehalten werden, es bleibt also keiner zum Lernen</translation>
        </message>
        <message>
            <source>Hold out fewer, or label more cases</source>
            <translation>Halten Sie weniger zurück, oder konturieren Sie mehr Fälle</translation>
        </message>
        <message>
            <source>; but the earlier model from which this training went on may have learned from them</source>
            <translation>; das frühere Modell, von dem dieses Training ausging, kann aber aus ihnen gelernt haben</translation>
        </message>
        <message>
            <source>{asked} of {labeled} labeled cases are to be held out for validation, so none is left to learn from</source>
            <translation>{asked} von {labeled} Fällen mit Kontur sollen für die Validierung zurückgehalten werden, es bleibt also keiner zum Lernen</translation>
        </message>
        <message>
            <source>Give --validation {value} at most, or label more cases</source>
            <translation>Halten Sie höchstens {value} zurück (auf der Kommandozeile mit --validation), oder konturieren Sie mehr Fälle</translation>
        </message>
        <message>
            <source>{count} of {labeled} labeled cases, drawn by chance, were never learned from and measure the quality</source>
            <translation>{count} von {labeled} Fällen mit Kontur, durch Los gezogen, dienten nie zum Lernen und messen die Qualität</translation>
        </message>
        <message>
            <source>No case was held out, as asked, so the quality was not measured on scans the networks had not seen</source>
            <translation>Wie verlangt, wurde kein Fall zurückgehalten; die Qualität wurde also nicht an Scans gemessen, die die Netze nicht kannten</translation>
        </message>
        <message>
            <source>All {labeled} labeled cases were learned from: with fewer than {fewest_for_validation}, each is worth more as an example than as a test. So the quality was not measured on scans the networks had not seen; it is estimated from how far the two networks agree</source>
            <translation>Aus allen {labeled} Fällen mit Kontur wurde gelernt: bei weniger als {fewest_for_validation} ist jeder als Beispiel mehr wert als zum Messen. Die Qualität wurde also nicht an Scans gemessen, die die Netze nicht kannten; sie wird daraus geschätzt, wie weit die beiden Netze übereinstimmen</translation>
        </message>
        <message>
            <source>{status_name} can't be written ({error}); the training goes on</source>
            <translation>{status_name} kann nicht geschrieben werden ({error}); das Training läuft weiter</translation>
        </message>
        <message>
            <source>Stopped on request</source>
            <translation>Auf Wunsch angehalten</translation>
        </message>
        <message>
            <source>Ended at once</source>
            <translation>Sofort beendet</translation>
        </message>
        <message>
            <source>{value} can't be read or written: {error}</source>
            <translation>{value} kann nicht gelesen oder geschrieben werden: {error}</translation>
        </message>
        <message>
            <source>{error}, then resume</source>
            <translation>{error}, dann setzen Sie das Training fort</translation>
        </message>
        <message>
            <source>The training ended by a fault of the program</source>
            <translation>Das Training endete durch einen Fehler des Programms</translation>
        </message>
        <message>
            <source>Resume once; if it happens again, send log.txt to the developers</source>
            <translation>Setzen Sie es einmal fort; geschieht es wieder, schicken Sie log.txt an die Entwickler</translation>
        </message>
        <message>
            <source>{plan_name} is missing</source>
            <translation>{plan_name} fehlt</translation>
        </message>
        <message>
            <source>{plan_name} is damaged</source>
            <translation>{plan_name} ist beschädigt</translation>
        </message>
        <message>
            <source>{fault}; nothing was learned yet, so it is made again</source>
            <translation>{fault}; gelernt wurde noch nichts, deshalb wird es neu gemacht</translation>
        </message>
        <message>
            <source>{path} is {value}, and without it the saved state of the training can't be used</source>
            <translation>{path} ist {value}, und ohne sie ist der gespeicherte Zwischenstand des Trainings nicht benutzbar</translation>
        </message>
        <message>
            <source>Put an intact copy back, from a backup of the run folder, then resume</source>
            <translation>Legen Sie eine unbeschädigte Kopie aus einer Sicherung des Trainingsordners zurück, dann setzen Sie das Training fort</translation>
        </message>
        <message>
            <source>{plan_name} is of another training</source>
            <translation>{plan_name} gehört zu einem anderen Training</translation>
        </message>
        <message>
            <source>{fault}: it is made again from the saved state</source>
            <translation>{fault}: wird aus dem gespeicherten Zwischenstand neu gemacht</translation>
        </message>
        <message>
            <source>A step of this training takes {batch_labeled} + {batch_unlabeled} patches, which {ranks} workers can't share</source>
            <translation>Ein Schritt dieses Trainings nimmt {batch_labeled} + {batch_unlabeled} Ausschnitte; {ranks} Arbeiter können sie nicht teilen</translation>
        </message>
        <message>
            <source>Resume it with --workers {least}; the batch of a training that was begun stays as it is</source>
            <translation>Setzen Sie es mit --workers {least} fort; ein begonnenes Training behält, was ein Schritt nimmt</translation>
        </message>
        <message>
            <source>Choose another folder for the results</source>
            <translation>Wählen Sie einen anderen Ordner für die Ergebnisse</translation>
        </message>
        <message>
            <source>{elsewhere}, or move what you want to keep away</source>
            <translation>{elsewhere}, oder schaffen Sie weg, was Sie behalten wollen</translation>
        </message>
        <message>
            <source>Loading the networks</source>
            <translation>Die Netze werden geladen</translation>
        </message>
        <message>
            <source>Reading the scan</source>
            <translation>Der Scan wird gelesen</translation>
        </message>
        <message>
            <source>Writing the results</source>
            <translation>Die Ergebnisse werden geschrieben</translation>
        </message>
        <message>
            <source>No case is unlabeled, so there is none to outline next</source>
            <translation>Kein Fall ist ohne Kontur, es gibt also keinen, der als Nächstes zu konturieren wäre</translation>
        </message>
        <message>
            <source>Add scans that nobody outlined</source>
            <translation>Fügen Sie Scans hinzu, die niemand konturiert hat</translation>
        </message>
        <message>
            <source>Comparing the networks</source>
            <translation>Die Netze werden verglichen</translation>
        </message>
        <message>
            <source>Checking the scans</source>
            <translation>Die Scans werden geprüft</translation>
        </message>
        <message>
            <source>Scans found: {count}</source>
            <translation>Gefundene Scans: {count}</translation>
        </message>
        <message>
            <source>Looking for devices</source>
            <translation>Geräte werden gesucht</translation>
        </message>
        <message>
            <source>Writing the DICOM segmentation</source>
            <translation>Die DICOM-Segmentierung wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the structure set</source>
            <translation>Das Structure Set wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the segmentation</source>
            <translation>Die Segmentierung wird geschrieben</translation>
        </message>
        <message>
            <source>Making the MONAI Bundle</source>
            <translation>Das MONAI Bundle wird erzeugt</translation>
        </message>
        <message>
            <source>{folder} can't be written</source>
            <translation>{folder} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>Choose a folder in which you may write</source>
            <translation>Wählen Sie einen Ordner, in den Sie schreiben dürfen</translation>
        </message>
        <message>
            <source>it is no text</source>
            <translation>es ist kein Text</translation>
        </message>
        <message>
            <source>{key} of the request {operation} can't be used: {fault}</source>
            <translation>{key} der Anfrage {operation} ist nicht benutzbar: {fault}</translation>
        </message>
        <message>
            <source>A fault of the program ended this ({__name__}: {error})</source>
            <translation>Ein Fehler des Programms hat dies beendet ({__name__}: {error})</translation>
        </message>
        <message>
            <source>Try again; if it happens again, send the log to the developers</source>
            <translation>Versuchen Sie es noch einmal; geschieht es wieder, schicken Sie das Protokoll an die Entwickler</translation>
        </message>
        <message>
            <source>The job did not end in time</source>
            <translation>Die Arbeit endete nicht rechtzeitig</translation>
        </message>
        <message>
            <source>This request is not understood: {shown}</source>
            <translation>Diese Anfrage ist nicht zu verstehen: {shown}</translation>
        </message>
        <message>
            <source>{most_waiting} requests are waiting already</source>
            <translation>{most_waiting} Anfragen warten schon</translation>
        </message>
        <message>
            <source>Update the extension DualTaskSeg</source>
            <translation>Aktualisieren Sie die Erweiterung DualTaskSeg</translation>
        </message>
        <message>
            <source>Stopping after this step; press Ctrl-C again to end at once</source>
            <translation>Nach diesem Schritt wird angehalten; noch einmal Strg-C beendet sofort</translation>
        </message>
        <message>
            <source>Memory did not suffice: a step now takes {batches} + {batches2} patches</source>
            <translation>Der Arbeitsspeicher reichte nicht: ein Schritt nimmt nun {batches} + {batches2} Ausschnitte</translation>
        </message>
        <message>
            <source>Memory does not suffice even for the smallest patch</source>
            <translation>Der Arbeitsspeicher reicht nicht einmal für den kleinsten Ausschnitt</translation>
        </message>
        <message>
            <source>Close other programs, choose the preset 'quick', or train on another device</source>
            <translation>Schließen Sie andere Programme, wählen Sie die Voreinstellung „schnell“ (quick), oder trainieren Sie auf einem anderen Gerät</translation>
        </message>
        <message>
            <source>Memory did not suffice: patches now have {sides} voxels</source>
            <translation>Der Arbeitsspeicher reichte nicht: Ausschnitte haben nun {sides} Voxel</translation>
        </message>
        <message>
            <source>Computes in single precision, where a step takes {mean} s; in half precision {mean2} s</source>
            <translation>Rechnet in einfacher Genauigkeit, in der ein Schritt {mean} s dauert; in halber Genauigkeit {mean2} s</translation>
        </message>
        <message>
            <source>the disk is full or gone</source>
            <translation>der Datenträger ist voll oder weg</translation>
        </message>
        <message>
            <source>Make room on the disk</source>
            <translation>Machen Sie auf dem Datenträger Platz</translation>
        </message>
        <message>
            <source>The training's state can't be written to {checkpoint_file}: {reason}</source>
            <translation>Der Zwischenstand des Trainings kann nicht in {checkpoint_file} geschrieben werden: {reason}</translation>
        </message>
        <message>
            <source>{remedy}, then resume; what was saved before is kept</source>
            <translation>{remedy}, dann setzen Sie das Training fort; was vorher gespeichert wurde, bleibt</translation>
        </message>
        <message>
            <source>The saved state of this training, {path},</source>
            <translation>Der gespeicherte Zwischenstand dieses Trainings, {path},</translation>
        </message>
        <message>
            <source>{name}: the disk can't read it</source>
            <translation>{name}: der Datenträger kann sie nicht lesen</translation>
        </message>
        <message>
            <source>The last saved state can't be used ({problems}), so the one before it, {name}, is</source>
            <translation>Der letzte gespeicherte Zwischenstand ist nicht benutzbar ({problems}); genommen wird der davor, {name}</translation>
        </message>
        <message>
            <source>The saved state of the run {folder} can't be read ({problems})</source>
            <translation>Der gespeicherte Zwischenstand des Trainings {folder} kann nicht gelesen werden ({problems})</translation>
        </message>
        <message>
            <source>Put intact copies of these files back, from a backup of the run folder; without one, train again in another folder. A model that is there already stays usable</source>
            <translation>Legen Sie unbeschädigte Kopien dieser Dateien aus einer Sicherung des Trainingsordners zurück; gibt es keine, trainieren Sie in einem anderen Ordner neu. Ein Modell, das schon da ist, bleibt benutzbar</translation>
        </message>
        <message>
            <source>it is no file</source>
            <translation>es ist keine Datei</translation>
        </message>
        <message>
            <source>it is damaged, or no saved state</source>
            <translation>er ist beschädigt, oder kein gespeicherter Zwischenstand</translation>
        </message>
        <message>
            <source>it is no saved state</source>
            <translation>es ist kein gespeicherter Zwischenstand</translation>
        </message>
        <message>
            <source>{path} was written by a newer version of DualTaskSeg</source>
            <translation>{path} wurde von einer neueren Version von DualTaskSeg geschrieben</translation>
        </message>
        <message>
            <source>it lacks a part</source>
            <translation>ihm fehlt ein Teil</translation>
        </message>
        <message>
            <source>it is of another training</source>
            <translation>er gehört zu einem anderen Training</translation>
        </message>
        <message>
            <source>it is damaged</source>
            <translation>er ist beschädigt</translation>
        </message>
        <message>
            <source>{what} of the scan {name}</source>
            <translation>{what} des Scans {name}</translation>
        </message>
        <message>
            <source>{part} could not be made; everything else goes on ({error})</source>
            <translation>{part}: misslungen; alles andere geht weiter ({error})</translation>
        </message>
        <message>
            <source>Stopped before the training began</source>
            <translation>Angehalten, bevor das Training begann</translation>
        </message>
        <message>
            <source>Stopped while looking at the results; the training itself is done and saved</source>
            <translation>Angehalten beim Ansehen der Ergebnisse; das Training selbst ist fertig und gespeichert</translation>
        </message>
        <message>
            <source>Writing the model</source>
            <translation>Das Modell wird geschrieben</translation>
        </message>
        <message>
            <source>Looking at the results</source>
            <translation>Die Ergebnisse werden angesehen</translation>
        </message>
        <message>
            <source>The measuring of the outlined parts</source>
            <translation>Die Messung der eingezeichneten Teile</translation>
        </message>
        <message>
            <source>The choice of a first look</source>
            <translation>Die Wahl eines ersten Blicks</translation>
        </message>
        <message>
            <source>The mean of the figures</source>
            <translation>Das Mittel der Kennzahlen</translation>
        </message>
        <message>
            <source>The forecast of the quality</source>
            <translation>Die Vorhersage der Qualität</translation>
        </message>
        <message>
            <source>The model's own figures</source>
            <translation>Die eigenen Kennzahlen des Modells</translation>
        </message>
        <message>
            <source>A part of the report</source>
            <translation>Ein Teil des Berichts</translation>
        </message>
        <message>
            <source>The model of this training could not be written: {error}</source>
            <translation>Das Modell dieses Trainings konnte nicht geschrieben werden: {error}</translation>
        </message>
        <message>
            <source>Give the segment or the run another name</source>
            <translation>Geben Sie dem Segment oder dem Training einen anderen Namen</translation>
        </message>
        <message>
            <source>Looking at validation</source>
            <translation>Das Ansehen der Validierung</translation>
        </message>
        <message>
            <source>The comparison of the largest parts</source>
            <translation>Der Vergleich der größten Teile</translation>
        </message>
        <message>
            <source>Looking at {role}</source>
            <translation>Das Ansehen von {role}</translation>
        </message>
        <message>
            <source>The figures</source>
            <translation>Die Kennzahlen</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>Das Bild</translation>
        </message>
        <message>
            <source>The first look</source>
            <translation>Der erste Blick</translation>
        </message>
        <message>
            <source>probability network</source>
            <translation>Wahrscheinlichkeitsnetz</translation>
        </message>
        <message>
            <source>distance network</source>
            <translation>Abstandsnetz</translation>
        </message>
        <message>
            <source>the two networks agree to {agreement}</source>
            <translation>die beiden Netze stimmen zu {agreement} überein</translation>
        </message>
        <message>
            <source>the networks can see nothing in it</source>
            <translation>die Netze können darin nichts sehen</translation>
        </message>
        <message>
            <source>It was tried on {tried} scan{value}: </source>
            <translation>Das wurde an {tried} Scan{value} ausprobiert: </translation>
        </message>
        <message>
            <source>in {lost} of them it overlooked a part of what all patches show, so all are computed</source>
            <translation>Bei {lost} davon wurde ein Teil dessen übersehen, was alle Ausschnitte zeigen; daher werden alle berechnet</translation>
        </message>
        <message>
            <source>it overlooked nothing, with {share} of the patches. To predict that way it must take at most {most_to_pay}, and be tried on {fewest}: all are computed</source>
            <translation>Übersehen wurde nichts, mit {share} der Ausschnitte. Um so zu segmentieren, dürfen es höchstens {most_to_pay} sein, und es muss an {fewest} ausprobiert sein: Alle werden berechnet</translation>
        </message>
        <message>
            <source>it overlooked nothing of what all patches show, with {share} of them, so predictions do that; where one of the structures is not seen at first, all patches are computed</source>
            <translation>Übersehen wurde nichts von dem, was alle Ausschnitte zeigen, mit {share} davon; daher wird so segmentiert. Wird eine der Strukturen zuerst nicht gesehen, werden alle Ausschnitte berechnet</translation>
        </message>
        <message>
            <source>A prediction can look at every second patch along each axis first, and compute all patches only around what was seen there</source>
            <translation>Eine Segmentierung kann zuerst jeden zweiten Ausschnitt entlang jeder Achse ansehen und alle nur dort berechnen, wo etwas gesehen wurde</translation>
        </message>
        <message>
            <source>The saved state of the run {folder} doesn't fit its {plan_name}</source>
            <translation>Der gespeicherte Zwischenstand des Trainings {folder} passt nicht zu seiner {plan_name}</translation>
        </message>
        <message>
            <source>Put intact copies of both back, from a backup of the run folder</source>
            <translation>Legen Sie unbeschädigte Kopien von beiden aus einer Sicherung des Trainingsordners zurück</translation>
        </message>
        <message>
            <source>Resumed at step {iteration}</source>
            <translation>Beim Schritt {iteration} fortgesetzt</translation>
        </message>
        <message>
            <source>{text} with {count} workers</source>
            <translation>{text} mit {count} Arbeitern</translation>
        </message>
        <message>
            <source>Learning an overview of the scans</source>
            <translation>Ein Überblick über die Scans wird gelernt</translation>
        </message>
        <message>
            <source>The fine networks learn from {unlabeled} of {unlabeled2} unlabeled scans</source>
            <translation>Die feinen Netze lernen von {unlabeled} der {unlabeled2} Scans ohne Kontur</translation>
        </message>
        <message>
            <source>Looking over</source>
            <translation>Überblick</translation>
        </message>
        <message>
            <source>Learning the overview</source>
            <translation>Überblick wird gelernt</translation>
        </message>
        <message>
            <source>Stopped at step {iteration} of {of} of the overview; everything is saved</source>
            <translation>Angehalten bei Schritt {iteration} von {of} des Überblicks; alles ist gespeichert</translation>
        </message>
        <message>
            <source>After their steps the coarse networks overlooked a part of what was outlined in {missed}, so whole scans are learned from and predicted</source>
            <translation>Nach ihren Schritten übersahen die groben Netze einen Teil dessen, was in {missed} umrandet ist, darum wird von ganzen Scans gelernt und in ganzen Scans segmentiert</translation>
        </message>
        <message>
            <source>After their steps the coarse networks overlooked a part of what was outlined, so whole scans are learned from and predicted</source>
            <translation>Nach ihren Schritten übersahen die groben Netze einen Teil dessen, was umrandet ist, darum wird von ganzen Scans gelernt und in ganzen Scans segmentiert</translation>
        </message>
        <message>
            <source>Go on with dualtaskseg resume</source>
            <translation>Setzen Sie das Training fort</translation>
        </message>
        <message>
            <source>The scan {case}</source>
            <translation>Der Scan {case}</translation>
        </message>
        <message>
            <source>{segments} segments can't be learned from scans that are outlined in part, such as {partly}</source>
            <translation>{segments} Segmente können nicht aus teilweise konturierten Scans wie {partly} gelernt werden</translation>
        </message>
        <message>
            <source>Choose at most {value} of them with the option --segments</source>
            <translation>Wählen Sie höchstens {value} davon (auf der Kommandozeile mit --segments)</translation>
        </message>
        <message>
            <source>The preset {preset} learns from whole outlines only, and {partly} is outlined in part</source>
            <translation>Die Voreinstellung {preset} lernt nur aus ganzen Konturen, und {partly} ist teilweise konturiert</translation>
        </message>
        <message>
            <source>The preset {preset} learns from whole outlines only, and {partly} are outlined in part</source>
            <translation>Die Voreinstellung {preset} lernt nur aus ganzen Konturen, und {partly} sind teilweise konturiert</translation>
        </message>
        <message>
            <source>Choose another preset, outline these scans whole, or leave them out</source>
            <translation>Wählen Sie eine andere Voreinstellung, konturieren Sie diese Scans ganz, oder lassen Sie sie aus</translation>
        </message>
        <message>
            <source>Only one scan to learn from is labeled; where that was tried, the unlabeled scans made the result worse in a short training, and better in a longer one. Outline a second one</source>
            <translation>Von den Scans, aus denen gelernt wird, ist nur einer konturiert; wo das versucht wurde, machten die Scans ohne Kontur das Ergebnis bei kurzem Training schlechter, bei längerem besser. Konturieren Sie einen zweiten</translation>
        </message>
        <message>
            <source>{partly} of the {labeled} is outlined in part: what was looked at teaches as an outline, the rest as an unlabeled scan. The structures' extents that this plan was made from are lower bounds there, and how thick they are is an estimate</source>
            <translation>{partly} von {labeled} ist teilweise konturiert: was angesehen wurde, lehrt als Kontur, der Rest als Scan ohne Kontur. Die Ausdehnungen der Strukturen, aus denen dieser Plan gemacht ist, sind dort Untergrenzen, und ihre Dicke ist geschätzt</translation>
        </message>
        <message>
            <source>{partly} of the {labeled} are outlined in part: what was looked at teaches as an outline, the rest as an unlabeled scan. The structures' extents that this plan was made from are lower bounds there, and how thick they are is an estimate</source>
            <translation>{partly} von {labeled} sind teilweise konturiert: was angesehen wurde, lehrt als Kontur, der Rest als Scan ohne Kontur. Die Ausdehnungen der Strukturen, aus denen dieser Plan gemacht ist, sind dort Untergrenzen, und ihre Dicke ist geschätzt</translation>
        </message>
        <message>
            <source>A file of {names} {text}</source>
            <translation>Eine Datei von {names} {text}</translation>
        </message>
        <message>
            <source>Each file of {names} {text}</source>
            <translation>Jede Datei von {names} {text}</translation>
        </message>
        <message>
            <source>The scan {image} can't be read</source>
            <translation>Der Scan {image} kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>Run 'dualtaskseg check' to see why</source>
            <translation>Prüfen Sie die Scans, um zu sehen, warum (auf der Kommandozeile: dualtaskseg check)</translation>
        </message>
        <message>
            <source>The scans that rank 0 prepared are not in {folder}, as rank {index} sees it</source>
            <translation>Die Scans, die Rang 0 vorbereitet hat, sind für Rang {index} nicht in {folder}</translation>
        </message>
        <message>
            <source>Make sure that all ranks reach the run folder at the same place, and that nobody else writes there</source>
            <translation>Sorgen Sie dafür, dass alle Ränge den Trainingsordner am selben Ort erreichen und niemand sonst dort schreibt</translation>
        </message>
        <message>
            <source>Preparing the scans</source>
            <translation>Die Scans werden vorbereitet</translation>
        </message>
        <message>
            <source>The prepared scans in {folder} change while they are made</source>
            <translation>Die vorbereiteten Scans in {folder} ändern sich, während sie gemacht werden</translation>
        </message>
        <message>
            <source>Make sure that nobody else writes there, then resume</source>
            <translation>Sorgen Sie dafür, dass dort niemand sonst schreibt, dann setzen Sie das Training fort</translation>
        </message>
        <message>
            <source>The prepared scan {name} is damaged; it is made again</source>
            <translation>Der vorbereitete Scan {name} ist beschädigt; er wird neu gemacht</translation>
        </message>
        <message>
            <source>{what}; the prepared scans are made again</source>
            <translation>{what}; die vorbereiteten Scans werden neu gemacht</translation>
        </message>
        <message>
            <source>{request_file} can't be followed: {what}</source>
            <translation>{request_file} kann nicht befolgt werden: {what}</translation>
        </message>
        <message>
            <source>Starting from the model {name} in {folder}</source>
            <translation>Ausgegangen wird vom Modell {name} in {folder}</translation>
        </message>
        <message>
            <source>{what}; this training goes on beside it</source>
            <translation>{what}; dieses Training läuft daneben weiter</translation>
        </message>
        <message>
            <source>Looking at all scans</source>
            <translation>Alle Scans werden angesehen</translation>
        </message>
        <message>
            <source>Several workers train together, which learn no coarse networks: whole scans are learned from and predicted</source>
            <translation>Mehrere Prozesse trainieren zusammen, und die lernen keine groben Netze: Es wird von ganzen Scans gelernt und in ganzen Scans segmentiert</translation>
        </message>
        <message>
            <source>{count} workers train together: a step takes {labeled} + {unlabeled} patches, {batch_labeled} + {batch_unlabeled} of them on each; the learning rate is that of one</source>
            <translation>{count} Arbeiter trainieren gemeinsam: ein Schritt nimmt {labeled} + {unlabeled} Ausschnitte, davon {batch_labeled} + {batch_unlabeled} auf jedem; die Lernrate ist die von einem</translation>
        </message>
        <message>
            <source>Measuring how fast this computer is</source>
            <translation>Es wird gemessen, wie schnell dieser Computer ist</translation>
        </message>
        <message>
            <source>A step takes {supervised} s from labels alone and {mutual} s with unlabeled scans on {device}: {iterations} steps</source>
            <translation>Ein Schritt dauert {supervised} s nur mit Konturen und {mutual} s mit Scans ohne Kontur auf {device}: {iterations} Schritte</translation>
        </message>
        <message>
            <source>Memory ran out, so the training has ended; what was saved is kept, and the plan was made smaller</source>
            <translation>Der Arbeitsspeicher ging aus, deshalb endete das Training; was gespeichert wurde, bleibt, und der Plan wurde verkleinert</translation>
        </message>
        <message>
            <source>Memory ran out, so the training has ended; what was saved is kept</source>
            <translation>Der Arbeitsspeicher ging aus, deshalb endete das Training; was gespeichert wurde, bleibt</translation>
        </message>
        <message>
            <source>Close other programs. {going_on}</source>
            <translation>Schließen Sie andere Programme. {going_on}</translation>
        </message>
        <message>
            <source>Done in {value}: {model_folder}</source>
            <translation>Fertig in {value}: {model_folder}</translation>
        </message>
        <message>
            <source>Stopped at step {iteration} of {of}; everything is saved</source>
            <translation>Beim Schritt {iteration} von {of} angehalten; alles ist gespeichert</translation>
        </message>
        <message>
            <source>The computer is slower than measured: to keep to the time, the training ends after {end} steps instead of {iterations}, told at step {iteration}</source>
            <translation>Der Computer ist langsamer als gemessen: um die Zeit einzuhalten, endet das Training nach {end} statt {iterations} Schritten, festgestellt beim Schritt {iteration}</translation>
        </message>
        <message>
            <source>The computer is faster than measured: to keep to the time, the training ends after {end} steps instead of {iterations}, told at step {iteration}</source>
            <translation>Der Computer ist schneller als gemessen: um die Zeit einzuhalten, endet das Training nach {end} statt {iterations} Schritten, festgestellt beim Schritt {iteration}</translation>
        </message>
        <message>
            <source>Training, step {iteration} of {of}</source>
            <translation>Training, Schritt {iteration} von {of}</translation>
        </message>
        <message>
            <source>The training became unstable (a loss that is no number) for the fourth time, at step {at}</source>
            <translation>Das Training wurde zum vierten Mal instabil (ein Verlust, der keine Zahl ist), beim Schritt {at}</translation>
        </message>
        <message>
            <source>Run 'dualtaskseg check' on the scans for extreme intensities, then train again, best with --seed 1</source>
            <translation>Prüfen Sie die Scans auf extreme Intensitäten, dann trainieren Sie noch einmal (auf der Kommandozeile am besten mit --seed 1)</translation>
        </message>
        <message>
            <source>A loss was no number at step {at}: back to step {iteration} with half the learning rate</source>
            <translation>Ein Verlust war beim Schritt {at} keine Zahl: zurück zum Schritt {iteration} mit der halben Lernrate</translation>
        </message>
        <message>
            <source>Looking at the validation scans</source>
            <translation>Die Scans der Validierung werden angesehen</translation>
        </message>
        <message>
            <source>Validation was left out: {error}</source>
            <translation>Die Validierung wurde ausgelassen: {error}</translation>
        </message>
        <message>
            <source>Validation on the way looks at {_count} of {cases} scans, to save time</source>
            <translation>Die Validierung unterwegs sieht {_count} von {cases} Scans an, um Zeit zu sparen</translation>
        </message>
        <message>
            <source>The model {name} knows the segments {called}, but these are to be learned: {name2}</source>
            <translation>Das Modell {name} kennt die Segmente {called}, zu lernen sind aber: {name2}</translation>
        </message>
        <message>
            <source>Start a new training without an earlier model, or use the same segments</source>
            <translation>Beginnen Sie ein neues Training ohne früheres Modell, oder nehmen Sie dieselben Segmente</translation>
        </message>
        <message>
            <source>The model {name} was trained with the preset {preset}, whose networks don't fit the preset {preset2}</source>
            <translation>Das Modell {name} wurde mit der Voreinstellung {preset} trainiert, deren Netze nicht zur Voreinstellung {preset2} passen</translation>
        </message>
        <message>
            <source>Choose the preset {preset}, or start without an earlier model</source>
            <translation>Wählen Sie die Voreinstellung {preset}, oder beginnen Sie ohne früheres Modell</translation>
        </message>
        <message>
            <source>The networks start from an earlier model (SHA-256 {weights_sha256}..., learned from {labeled} labeled scans) and keep its grid, patch and shape; the learning rate is halved</source>
            <translation>Die Netze gehen von einem früheren Modell aus (SHA-256 {weights_sha256}..., gelernt aus {labeled} Scans mit Kontur) und behalten dessen Gitter, Ausschnitt und Form; die Lernrate ist halbiert</translation>
        </message>
        <message>
            <source>The weights of the model in {folder} can't be used ({error})</source>
            <translation>Die Gewichte des Modells in {folder} sind nicht benutzbar ({error})</translation>
        </message>
        <message>
            <source>Get an intact copy of the model, or start without it</source>
            <translation>Besorgen Sie eine unbeschädigte Kopie des Modells, oder beginnen Sie ohne es</translation>
        </message>
    </context>
    <context>
        <name>engine.batch</name>
        <message>
            <source>{folder} can't be written ({reason}).</source>
            <translation>{folder} kann nicht geschrieben werden ({reason}).</translation>
        </message>
    </context>
    <context>
        <name>engine.launching</name>
        <message>
            <source>its process was ended by the system, perhaps for lack of memory, or crashed in a library</source>
            <translation>der Prozess wurde vom System beendet, vielleicht aus Speichermangel, oder stürzte in einer Bibliothek ab</translation>
        </message>
        <message>
            <source>its process is gone and nobody saw why: the computer was switched off, or the system ended it, perhaps for lack of memory</source>
            <translation>der Prozess ist weg, und niemand sah, warum: Der Computer wurde ausgeschaltet, oder das System beendete ihn, vielleicht aus Speichermangel</translation>
        </message>
        <message>
            <source>the system ended its process, perhaps for lack of memory</source>
            <translation>das System beendete den Prozess, vielleicht aus Speichermangel</translation>
        </message>
        <message>
            <source>its process was ended from outside, for example since the computer was shut down</source>
            <translation>der Prozess wurde von außen beendet, etwa weil der Computer heruntergefahren wurde</translation>
        </message>
        <message>
            <source>its process crashed inside a library (code {code})</source>
            <translation>der Prozess stürzte in einer Bibliothek ab (Code {code})</translation>
        </message>
        <message>
            <source>the installed PyTorch does not work with the processor of this computer (code {code})</source>
            <translation>das installierte PyTorch läuft nicht auf dem Prozessor dieses Computers (Code {code})</translation>
        </message>
        <message>
            <source>a library of PyTorch is missing on this computer</source>
            <translation>eine Bibliothek von PyTorch fehlt auf diesem Computer</translation>
        </message>
        <message>
            <source>its process ended without a result</source>
            <translation>der Prozess endete ohne Ergebnis</translation>
        </message>
        <message>
            <source>its process ended with code {code}</source>
            <translation>der Prozess endete mit Code {code}</translation>
        </message>
    </context>
    <context>
        <name>engine.runs</name>
        <message>
            <source>The run folder {folder} can't be read ({reason}).</source>
            <translation>Der Trainingsordner {folder} kann nicht gelesen werden ({reason}).</translation>
        </message>
        <message>
            <source>The run folder {folder} can't be understood ({error!r}).</source>
            <translation>Der Trainingsordner {folder} ist nicht zu verstehen ({error!r}).</translation>
        </message>
        <message>
            <source>The run folder {folder} is missing. If its disk was disconnected, connect it again.</source>
            <translation>Der Trainingsordner {folder} fehlt. Wenn sein Datenträger getrennt wurde, schließen Sie ihn wieder an.</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Beginnt</translation>
        </message>
        <message>
            <source>Stopped before anything was learned; Resume begins the training.</source>
            <translation>Angehalten, bevor etwas gelernt wurde; mit Fortsetzen beginnt das Training.</translation>
        </message>
        <message>
            <source>Stopped{at}. Everything is saved; Resume goes on from there.</source>
            <translation>Angehalten{at}. Alles ist gespeichert; mit Fortsetzen geht es dort weiter.</translation>
        </message>
        <message>
            <source>was ended at once</source>
            <translation>wurde sofort beendet</translation>
        </message>
        <message>
            <source>ended without a word: {reason}</source>
            <translation>endete ohne Meldung: {reason}</translation>
        </message>
        <message>
            <source>Resume goes on from the last saved state</source>
            <translation>Mit Fortsetzen geht es vom letzten gespeicherten Stand weiter</translation>
        </message>
        <message>
            <source>Resume goes on from its beginning, since nothing of it was saved yet</source>
            <translation>Mit Fortsetzen beginnt es von vorn, da noch nichts gespeichert war</translation>
        </message>
        <message>
            <source>The training {how}{at}. {then}.</source>
            <translation>Das Training {how}{at}. {then}.</translation>
        </message>
        <message>
            <source>Not started yet.</source>
            <translation>Noch nicht begonnen.</translation>
        </message>
        <message>
            <source>Running; its status can't be read at the moment.</source>
            <translation>Läuft; der Stand kann gerade nicht gelesen werden.</translation>
        </message>
        <message>
            <source>Stopping after this step</source>
            <translation>Hält nach diesem Schritt an</translation>
        </message>
        <message>
            <source>, {time} left</source>
            <translation>, noch {time}</translation>
        </message>
        <message>
            <source> (no sign of life for {time})</source>
            <translation> (seit {time} kein Lebenszeichen)</translation>
        </message>
        <message>
            <source>The training could not start: {reason}. See the log for its last words.</source>
            <translation>Das Training konnte nicht beginnen: {reason}. Die letzten Meldungen stehen im Protokoll.</translation>
        </message>
        <message>
            <source>The run folder {folder} can't be written ({reason})</source>
            <translation>Der Trainingsordner {folder} kann nicht geschrieben werden ({reason})</translation>
        </message>
        <message>
            <source>Make sure that the disk is connected; clicking Stop again ends the process at once</source>
            <translation>Sorgen Sie dafür, dass der Datenträger verbunden ist; ein weiterer Klick auf Anhalten beendet den Prozess sofort</translation>
        </message>
        <message>
            <source>The training works on another computer, {host}</source>
            <translation>Das Training läuft auf einem anderen Computer, {host}</translation>
        </message>
        <message>
            <source>Stop it there, or click Stop once and wait</source>
            <translation>Halten Sie es dort an, oder klicken Sie einmal auf Anhalten, und warten Sie</translation>
        </message>
        <message>
            <source>It is not certain which process works in {folder}, so none is ended</source>
            <translation>Es ist nicht sicher, welcher Prozess in {folder} arbeitet; daher wird keiner beendet</translation>
        </message>
        <message>
            <source>Click Stop once and wait, or end the training with the task manager of this computer</source>
            <translation>Klicken Sie einmal auf Anhalten, und warten Sie, oder beenden Sie das Training im Task-Manager dieses Computers</translation>
        </message>
        <message>
            <source>The training can't be started ({reason})</source>
            <translation>Das Training kann nicht beginnen ({reason})</translation>
        </message>
        <message>
            <source>Make sure that the project's folder can be written and that the disk has free space</source>
            <translation>Sorgen Sie dafür, dass der Projektordner beschreibbar ist und der Datenträger freien Platz hat</translation>
        </message>
        <message>
            <source>Another training, {name}, is using this computer's processor</source>
            <translation>Ein anderes Training, {name}, benutzt den Prozessor dieses Computers</translation>
        </message>
        <message>
            <source>Wait until it ends, stop it, or choose another device; its folder is {folder}</source>
            <translation>Warten Sie, bis es endet, halten Sie es an, oder wählen Sie ein anderes Gerät; sein Ordner ist {folder}</translation>
        </message>
        <message>
            <source>Finished.</source>
            <translation>Fertig.</translation>
        </message>
        <message>
            <source>Finished after {time}.{notes}</source>
            <translation>Fertig nach {time}.{notes}</translation>
        </message>
        <message>
            <source> at step {iteration} of {of}</source>
            <translation> bei Schritt {iteration} von {of}</translation>
        </message>
    </context>
    <context>
        <name>engine.scenejob</name>
        <message>
            <source>Collecting the segments</source>
            <translation>Segmente werden gesammelt</translation>
        </message>
    </context>
    <context>
        <name>engine.slowdisk</name>
        <message>
            <source>The disk does not answer</source>
            <translation>Der Datenträger antwortet nicht</translation>
        </message>
        <message>
            <source>If it is a network drive, connect it again, then try again</source>
            <translation>Ist es ein Netzlaufwerk, verbinden Sie es wieder, und versuchen Sie es erneut</translation>
        </message>
    </context>
    <context>
        <name>engine.waiting</name>
        <message>
            <source>It was canceled</source>
            <translation>Es wurde abgebrochen</translation>
        </message>
        <message>
            <source>Another call is waiting</source>
            <translation>Ein anderer Aufruf wartet</translation>
        </message>
        <message>
            <source>Wait until it ends, or cancel it</source>
            <translation>Warten Sie, bis er endet, oder brechen Sie ihn ab</translation>
        </message>
    </context>
    <context>
        <name>engine.worker</name>
        <message>
            <source>a place that it does not tell</source>
            <translation>einem Ort, den es nicht nennt</translation>
        </message>
        <message>
            <source>Another package {package}, version {version} in {place}, hides that of this extension, version {expected} in {own}. Remove the other one, then start Slicer again.</source>
            <translation>Ein anderes Paket {package}, Version {version} in {place}, verdeckt das dieser Erweiterung, Version {expected} in {own}. Entfernen Sie das andere, und starten Sie Slicer neu.</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>The process that computes can't be started ({reason}). Install Slicer again.</source>
            <translation>Der Prozess, der rechnet, kann nicht gestartet werden ({reason}). Installieren Sie Slicer neu.</translation>
        </message>
        <message>
            <source>The computation broke off: {reason}. The next one starts a new process; if it breaks off again, close other programs or choose another device.</source>
            <translation>Die Berechnung brach ab: {reason}. Die nächste startet einen neuen Prozess; bricht auch sie ab, schließen Sie andere Programme, oder wählen Sie ein anderes Gerät.</translation>
        </message>
    </context>
    <context>
        <name>export.exportsection</name>
        <message>
            <source>fine</source>
            <translation>in Ordnung</translation>
        </message>
        <message>
            <source>note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>open point</source>
            <translation>offener Punkt</translation>
        </message>
        <message>
            <source>looking</source>
            <translation>wird geprüft</translation>
        </message>
        <message>
            <source>E&amp;xport</source>
            <translation>E&amp;xportieren</translation>
        </message>
        <message>
            <source>The segments are being looked at.</source>
            <translation>Die Segmente werden geprüft.</translation>
        </message>
        <message>
            <source>Write the segmentation as a DICOM file</source>
            <translation>Die Segmentierung als DICOM-Datei schreiben</translation>
        </message>
        <message>
            <source>Write the segmentation</source>
            <translation>Die Segmentierung schreiben</translation>
        </message>
        <message>
            <source>Only DICOM files have this.</source>
            <translation>Das gibt es nur bei DICOM-Dateien.</translation>
        </message>
        <message>
            <source>Slicer's DICOM database is not open. Open the module DICOM once.</source>
            <translation>Die DICOM-Datenbank von Slicer ist nicht geöffnet. Öffnen Sie einmal das Modul DICOM.</translation>
        </message>
        <message>
            <source>Also keep a copy in Slicer's DICOM database, beside the series; it stays there until you delete it</source>
            <translation>Auch eine Kopie in der DICOM-Datenbank von Slicer ablegen, neben der Serie; sie bleibt dort, bis Sie sie löschen</translation>
        </message>
        <message>
            <source>This segmentation has no signed distance or uncertainty volume.</source>
            <translation>Zu dieser Segmentierung gibt es kein Abstands- oder Unsicherheitsvolumen.</translation>
        </message>
        <message>
            <source>Only a DICOM segmentation can have them beside it.</source>
            <translation>Nur neben einer DICOM-Segmentierung können sie liegen.</translation>
        </message>
        <message>
            <source>Also write signed distance (mm) and uncertainty as DICOM parametric maps beside the file</source>
            <translation>Auch Abstand mit Vorzeichen (mm) und Unsicherheit als DICOM Parametric Maps neben die Datei schreiben</translation>
        </message>
        <message>
            <source>The name under which the segmentation appears in the archive.</source>
            <translation>Der Name, unter dem die Segmentierung im Archiv erscheint.</translation>
        </message>
        <message>
            <source>Your name as DICOM writes it, such as Doe^Jane. Nobody is named if it is empty</source>
            <translation>Ihr Name in DICOM-Schreibweise, etwa Doe^Jane. Ist das Feld leer, wird niemand genannt</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>It needs these packages: {names}.</source>
            <translation>Diese Pakete sind nötig: {names}.</translation>
        </message>
        <message>
            <source>Click Install.</source>
            <translation>Klicken Sie auf Installieren.</translation>
        </message>
        <message>
            <source>The files of its series are being looked for.</source>
            <translation>Die Dateien der Serie werden gesucht.</translation>
        </message>
        <message>
            <source>The files of its series can't be looked for: their disk does not answer.</source>
            <translation>Die Dateien der Serie können nicht gesucht werden: Ihr Datenträger antwortet nicht.</translation>
        </message>
        <message>
            <source>If it is a network drive, connect it again, then close and open this section.</source>
            <translation>Ist es ein Netzlaufwerk, verbinden Sie es wieder; dann schließen und öffnen Sie diesen Abschnitt.</translation>
        </message>
        <message>
            <source>A segmentation is being written.</source>
            <translation>Eine Segmentierung wird geschrieben.</translation>
        </message>
        <message>
            <source>Choose a result.</source>
            <translation>Wählen Sie ein Ergebnis.</translation>
        </message>
        <message>
            <source>Keeping the term of {name} in the model</source>
            <translation>Der Begriff von {name} wird im Modell abgelegt</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Beginnt</translation>
        </message>
        <message>
            <source>{name} segmentation</source>
            <translation>{name} Segmentierung</translation>
        </message>
        <message>
            <source>segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>Canceled. No file was written.</source>
            <translation>Abgebrochen. Keine Datei wurde geschrieben.</translation>
        </message>
        <message>
            <source>Written and read back: {file}, {count} segment, {kind}.</source>
            <translation>Geschrieben und zurückgelesen: {file}, {count} Segment, {kind}.</translation>
        </message>
        <message>
            <source>Written and read back: {file}, {count} segments, {kind}.</source>
            <translation>Geschrieben und zurückgelesen: {file}, {count} Segmente, {kind}.</translation>
        </message>
        <message>
            <source>Written: {file}, {count} segment.</source>
            <translation>Geschrieben: {file}, {count} Segment.</translation>
        </message>
        <message>
            <source>Written: {file}, {count} segments.</source>
            <translation>Geschrieben: {file}, {count} Segmente.</translation>
        </message>
        <message>
            <source>{name} beside it tells what the values mean.</source>
            <translation>{name} daneben sagt, was die Werte bedeuten.</translation>
        </message>
        <message>
            <source>{count} parametric map lies beside it.</source>
            <translation>{count} Parametric Map liegt daneben.</translation>
        </message>
        <message>
            <source>{count} parametric maps lie beside it.</source>
            <translation>{count} Parametric Maps liegen daneben.</translation>
        </message>
        <message>
            <source>Left out, since empty: {names}.</source>
            <translation>Ausgelassen, da leer: {names}.</translation>
        </message>
        <message>
            <source>A copy is in the DICOM database.</source>
            <translation>Eine Kopie liegt in der DICOM-Datenbank.</translation>
        </message>
        <message>
            <source>To be installed before exporting: {names}.</source>
            <translation>Vor dem Export zu installieren: {names}.</translation>
        </message>
    </context>
    <context>
        <name>image.dicomseries</name>
        <message>
            <source>The folder {folder} can't be read ({reason})</source>
            <translation>Der Ordner {folder} kann nicht gelesen werden ({reason})</translation>
        </message>
        <message>
            <source>Check that the disk is connected</source>
            <translation>Prüfen Sie, ob der Datenträger verbunden ist</translation>
        </message>
        <message>
            <source>The folder {folder} holds {count} DICOM series</source>
            <translation>Der Ordner {folder} enthält {count} DICOM-Serien</translation>
        </message>
        <message>
            <source>Move each series to a folder of its own</source>
            <translation>Legen Sie jede Serie in einen eigenen Ordner</translation>
        </message>
        <message>
            <source>The folder {folder} holds no DICOM scan</source>
            <translation>Der Ordner {folder} enthält keinen DICOM-Scan</translation>
        </message>
        <message>
            <source>Check that it was not moved</source>
            <translation>Prüfen Sie, ob sie verschoben wurde</translation>
        </message>
        <message>
            <source>The slices of the DICOM series in {folder} are not evenly spaced: {least:.4g} to {most:.4g} mm</source>
            <translation>Die Schichten der DICOM-Serie in {folder} haben ungleiche Abstände: {least:.4g} bis {most:.4g} mm</translation>
        </message>
        <message>
            <source>Copy the whole series again; leave the case out if slices are missing there, too</source>
            <translation>Kopieren Sie die ganze Serie noch einmal; fehlen auch dort Schichten, lassen Sie den Fall aus</translation>
        </message>
    </context>
    <context>
        <name>image.geometry</name>
        <message>
            <source>sagittal</source>
            <translation>sagittal</translation>
        </message>
        <message>
            <source>coronal</source>
            <translation>koronar</translation>
        </message>
        <message>
            <source>axial</source>
            <translation>axial</translation>
        </message>
        <message>
            <source>{size} voxels of {spacing} mm</source>
            <translation>{size} Voxel von {spacing} mm</translation>
        </message>
    </context>
    <context>
        <name>image.masks</name>
        <message>
            <source>The segmentation was deleted from the scene</source>
            <translation>Die Segmentierung wurde aus der Szene gelöscht</translation>
        </message>
        <message>
            <source>Choose another one</source>
            <translation>Wählen Sie eine andere</translation>
        </message>
        <message>
            <source>A segment of {name} can't be turned into voxels</source>
            <translation>Ein Segment von {name} kann nicht in Voxel umgewandelt werden</translation>
        </message>
        <message>
            <source>Look at it in the module Segmentations</source>
            <translation>Sehen Sie sie im Modul Segmentations an</translation>
        </message>
    </context>
    <context>
        <name>image.volumefiles</name>
        <message>
            <source>{file} does not exist</source>
            <translation>{file} gibt es nicht</translation>
        </message>
        <message>
            <source>Check that it was not moved or deleted</source>
            <translation>Prüfen Sie, ob sie verschoben oder gelöscht wurde</translation>
        </message>
        <message>
            <source>{file} has several values for each voxel (color or several channels)</source>
            <translation>{file} hat mehrere Werte je Voxel (Farbe oder mehrere Kanäle)</translation>
        </message>
        <message>
            <source>Give a scan with one gray value for each voxel</source>
            <translation>Geben Sie einen Scan mit einem Grauwert je Voxel an</translation>
        </message>
        <message>
            <source>{file} can't be read: it is damaged, or of a format that is not supported</source>
            <translation>{file} kann nicht gelesen werden: Die Datei ist beschädigt oder hat ein Format, das nicht unterstützt wird</translation>
        </message>
        <message>
            <source>Open it with Add Data; if that works, save it as .nrrd</source>
            <translation>Öffnen Sie sie mit Add Data; gelingt das, speichern Sie sie als .nrrd</translation>
        </message>
        <message>
            <source>{file} can't be written ({reason})</source>
            <translation>{file} kann nicht geschrieben werden ({reason})</translation>
        </message>
        <message>
            <source>Make sure that the disk has free space and that you may write there</source>
            <translation>Sorgen Sie dafür, dass der Datenträger freien Platz hat und Sie dort schreiben dürfen</translation>
        </message>
    </context>
    <context>
        <name>installing.dependencies</name>
        <message>
            <source>Nothing was installed. Everything that does not need these packages works without them.</source>
            <translation>Nichts wurde installiert. Alles, was diese Pakete nicht braucht, geht ohne sie.</translation>
        </message>
        <message>
            <source> (there is {installed}, too old)</source>
            <translation> (vorhanden ist {installed}, zu alt)</translation>
        </message>
        <message>
            <source>{name} {version} or newer{found}</source>
            <translation>{name} {version} oder neuer{found}</translation>
        </message>
        <message>
            <source>with Slicer's extension PyTorch, which chooses the build that fits this computer's graphics card</source>
            <translation>mit der Slicer-Erweiterung PyTorch, die das Passende für die Grafikkarte dieses Computers wählt</translation>
        </message>
        <message>
            <source>from the Python Package Index</source>
            <translation>aus dem Python Package Index</translation>
        </message>
        <message>
            <source>from the Python Package Index; only to export DICOM segmentations</source>
            <translation>aus dem Python Package Index; nur für den Export von DICOM-Segmentierungen</translation>
        </message>
        <message>
            <source>200 MB to 3 GB: the larger one supports NVIDIA graphics cards</source>
            <translation>200 MB bis 3 GB: Das größere unterstützt Grafikkarten von NVIDIA</translation>
        </message>
        <message>
            <source>Everything needed is installed: {versions}.</source>
            <translation>Alles Nötige ist installiert: {versions}.</translation>
        </message>
        <message>
            <source>To be installed before training: {names}.</source>
            <translation>Vor dem Training zu installieren: {names}.</translation>
        </message>
        <message>
            <source>These Python packages are downloaded and installed into this Slicer:</source>
            <translation>Diese Python-Pakete werden heruntergeladen und in diesem Slicer installiert:</translation>
        </message>
        <message>
            <source>They are put into {target}, where Slicer keeps its own.</source>
            <translation>Sie kommen nach {target}, wo Slicer seine eigenen hat.</translation>
        </message>
        <message>
            <source>The extension PyTorch is not installed. With it (Extensions Manager, PyTorch, restart Slicer) the build that fits this computer's graphics card is found; without it, on Windows only the processor is used.</source>
            <translation>Die Erweiterung PyTorch ist nicht installiert. Mit ihr (Extensions Manager, PyTorch, Slicer neu starten) wird das Passende für die Grafikkarte dieses Computers gefunden; ohne sie wird unter Windows nur der Prozessor benutzt.</translation>
        </message>
        <message>
            <source>The package pydicom is replaced by a newer one, which Slicer's module DICOM uses, too: start Slicer again afterwards.</source>
            <translation>Das Paket pydicom wird durch ein neueres ersetzt, das auch das Modul DICOM von Slicer benutzt: Starten Sie Slicer danach neu.</translation>
        </message>
        <message>
            <source>This can take many minutes. Slicer stays usable meanwhile, and you can cancel. Your images are not uploaded.</source>
            <translation>Das kann viele Minuten dauern. Slicer bleibt dabei benutzbar, und Sie können abbrechen. Ihre Bilder werden nicht hochgeladen.</translation>
        </message>
        <message>
            <source>PyTorch has no version for macOS on Intel processors since 2.2, and {needed} or newer is needed: on a Mac with a processor of Apple's install a Slicer that is made for it (arm64), else train on another computer.</source>
            <translation>PyTorch gibt es für macOS auf Intel-Prozessoren seit 2.2 nicht mehr, und {needed} oder neuer ist nötig: Installieren Sie auf einem Mac mit Apple-Prozessor einen Slicer, der dafür gebaut ist (arm64), sonst trainieren Sie auf einem anderen Computer.</translation>
        </message>
        <message>
            <source>of Slicer</source>
            <translation>von Slicer</translation>
        </message>
        <message>
            <source>for temporary files</source>
            <translation>für temporäre Dateien</translation>
        </message>
        <message>
            <source>The disk {title} has {free:.1f} GB free, and PyTorch needs up to {needed:.0f} GB there. Make room, then try again.</source>
            <translation>Auf dem Datenträger {title} sind {free:.1f} GB frei; PyTorch braucht dort bis zu {needed:.0f} GB. Schaffen Sie Platz, und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>the process that tries them ended</source>
            <translation>der Prozess, der sie ausprobiert, endete</translation>
        </message>
        <message>
            <source>The installed packages can't be used: {reason}. {remedy}</source>
            <translation>Die installierten Pakete sind nicht benutzbar: {reason}. {remedy}</translation>
        </message>
        <message>
            <source>PyTorch {version} works on: {devices}.</source>
            <translation>PyTorch {version} läuft auf: {devices}.</translation>
        </message>
    </context>
    <context>
        <name>installing.installation</name>
        <message>
            <source>The log has all that was said.</source>
            <translation>Im Protokoll steht alles, was gemeldet wurde.</translation>
        </message>
        <message>
            <source>The installation was canceled. Install begins again.</source>
            <translation>Die Installation wurde abgebrochen. Mit Installieren beginnt sie von vorn.</translation>
        </message>
        <message>
            <source>The installation can't be started ({reason}).</source>
            <translation>Die Installation kann nicht beginnen ({reason}).</translation>
        </message>
        <message>
            <source>{names} could not be installed. {remedy}</source>
            <translation>{names} konnten nicht installiert werden. {remedy}</translation>
        </message>
        <message>
            <source>{name} {old} by {now}</source>
            <translation>{name} {old} durch {now}</translation>
        </message>
        <message>
            <source>Start Slicer again before you go on: what it has loaded was replaced ({names}).</source>
            <translation>Starten Sie Slicer neu, bevor Sie weiterarbeiten: Was es geladen hat, wurde ersetzt ({names}).</translation>
        </message>
        <message>
            <source>Downloading {name}{size}</source>
            <translation>{name}{size} wird heruntergeladen</translation>
        </message>
        <message>
            <source>Looking for {name}</source>
            <translation>{name} wird gesucht</translation>
        </message>
        <message>
            <source>Unpacking {names}</source>
            <translation>{names} wird entpackt</translation>
        </message>
        <message>
            <source>The installation failed: {reason}. {remedy}</source>
            <translation>Die Installation schlug fehl: {reason}. {remedy}</translation>
        </message>
    </context>
    <context>
        <name>installing.installer</name>
        <message>
            <source>Installed.</source>
            <translation>Installiert.</translation>
        </message>
    </context>
    <context>
        <name>measuring.numbers</name>
        <message>
            <source>Choose another folder, or free some space on the disk</source>
            <translation>Wählen Sie einen anderen Ordner, oder schaffen Sie Platz auf dem Datenträger</translation>
        </message>
        <message>
            <source>{file} can't be written</source>
            <translation>{file} kann nicht geschrieben werden</translation>
        </message>
    </context>
    <context>
        <name>measuring.scenejobs</name>
        <message>
            <source>{first} and {second} are not of the same scan</source>
            <translation>{first} und {second} gehören nicht zum selben Scan</translation>
        </message>
        <message>
            <source>Choose two segmentations of one scan</source>
            <translation>Wählen Sie zwei Segmentierungen eines Scans</translation>
        </message>
        <message>
            <source>Loading the result</source>
            <translation>Das Ergebnis wird geladen</translation>
        </message>
        <message>
            <source>{name} holds nothing</source>
            <translation>{name} enthält nichts</translation>
        </message>
        <message>
            <source>Choose another segmentation</source>
            <translation>Wählen Sie eine andere Segmentierung</translation>
        </message>
        <message>
            <source>The segmentation was deleted from the scene</source>
            <translation>Die Segmentierung wurde aus der Szene gelöscht</translation>
        </message>
        <message>
            <source>Choose another one</source>
            <translation>Wählen Sie eine andere</translation>
        </message>
        <message>
            <source>{volume} changes</source>
            <translation>{volume} Änderungen</translation>
        </message>
    </context>
    <context>
        <name>models.modelssection</name>
        <message>
            <source>&amp;Models</source>
            <translation>&amp;Modelle</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Structures</source>
            <translation>Strukturen</translation>
        </message>
        <message>
            <source>Cases</source>
            <translation>Fälle</translation>
        </message>
        <message>
            <source>Dice</source>
            <translation>Dice</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Outlined scans + other scans that it learned from</source>
            <translation>Konturierte Scans + andere Scans, aus denen es lernte</translation>
        </message>
        <message>
            <source>On scans held out from training, mean over the structures</source>
            <translation>Auf Scans, die nicht zum Training gehörten, Mittel über die Strukturen</translation>
        </message>
        <message>
            <source>can't be used</source>
            <translation>nicht benutzbar</translation>
        </message>
        <message>
            <source>{size} MB</source>
            <translation>{size} MB</translation>
        </message>
        <message>
            <source>There is no model yet: train or import one.</source>
            <translation>Es gibt noch kein Modell: Trainieren oder importieren Sie eines.</translation>
        </message>
        <message>
            <source>Select a model in the table.</source>
            <translation>Wählen Sie ein Modell in der Tabelle.</translation>
        </message>
        <message>
            <source>This model can't be used.</source>
            <translation>Dieses Modell ist nicht benutzbar.</translation>
        </message>
        <message>
            <source>What the model learned from, its figures and its versions</source>
            <translation>Woraus das Modell lernte, seine Kennzahlen und Versionen</translation>
        </message>
        <message>
            <source>Give the model another name</source>
            <translation>Dem Modell einen anderen Namen geben</translation>
        </message>
        <message>
            <source>Save the model as one file, to pass it on</source>
            <translation>Das Modell als eine Datei speichern, um es weiterzugeben</translation>
        </message>
        <message>
            <source>Wait until the present work is done, or cancel it.</source>
            <translation>Warten Sie, bis die jetzige Arbeit fertig ist, oder brechen Sie sie ab.</translation>
        </message>
        <message>
            <source>Save the model as a folder that MONAI and programs built on it run without DualTaskSeg</source>
            <translation>Das Modell als Ordner speichern, den MONAI und darauf gebaute Programme ohne DualTaskSeg ausführen</translation>
        </message>
        <message>
            <source>Add a model from a file that was exported</source>
            <translation>Ein Modell aus einer exportierten Datei hinzufügen</translation>
        </message>
        <message>
            <source>Delete the model from disk; you are asked before</source>
            <translation>Das Modell vom Datenträger löschen; Sie werden vorher gefragt</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Name of the model:</source>
            <translation>Name des Modells:</translation>
        </message>
        <message>
            <source>Export the model</source>
            <translation>Modell exportieren</translation>
        </message>
        <message>
            <source>The model was exported to {file}.</source>
            <translation>Das Modell wurde nach {file} exportiert.</translation>
        </message>
        <message>
            <source>Exporting {name}</source>
            <translation>{name} wird exportiert</translation>
        </message>
        <message>
            <source>Choose the folder in which a folder with the MONAI Bundle is made</source>
            <translation>Wählen Sie den Ordner, in dem ein Ordner mit dem MONAI Bundle angelegt wird</translation>
        </message>
        <message>
            <source>The MONAI Bundle is in {folder}; docs/README.md in it tells how to run it.</source>
            <translation>Das MONAI Bundle liegt in {folder}; docs/README.md darin sagt, wie man es ausführt.</translation>
        </message>
        <message>
            <source>Import a model</source>
            <translation>Modell importieren</translation>
        </message>
        <message>
            <source>The model {name} was imported.</source>
            <translation>Das Modell {name} wurde importiert.</translation>
        </message>
        <message>
            <source>Importing {name}</source>
            <translation>{name} wird importiert</translation>
        </message>
        <message>
            <source>Deleting {name}</source>
            <translation>{name} wird gelöscht</translation>
        </message>
    </context>
    <context>
        <name>panel.context</name>
        <message>
            <source>Choose a project folder first (New project, at the top).</source>
            <translation>Wählen Sie erst einen Projektordner (Neues Projekt, oben).</translation>
        </message>
        <message>
            <source>Something went wrong that is a defect of DualTaskSeg. See the application log.</source>
            <translation>Es ist ein Fehler in DualTaskSeg aufgetreten. Näheres steht im Protokoll der Anwendung.</translation>
        </message>
        <message>
            <source>DualTaskSeg</source>
            <translation>DualTaskSeg</translation>
        </message>
    </context>
    <context>
        <name>panel.header</name>
        <message>
            <source>The disk with the project {name} does not answer. If it is a network drive, connect it again; then click Open project.</source>
            <translation>Der Datenträger mit dem Projekt {name} antwortet nicht. Ist es ein Netzlaufwerk, verbinden Sie es wieder; dann klicken Sie auf Projekt öffnen.</translation>
        </message>
        <message>
            <source>The disk with the project {name} does not answer yet; it is opened as soon as it does.</source>
            <translation>Der Datenträger mit dem Projekt {name} antwortet noch nicht; es wird geöffnet, sobald er antwortet.</translation>
        </message>
        <message>
            <source>Choose an empty folder for the project</source>
            <translation>Wählen Sie einen leeren Ordner für das Projekt</translation>
        </message>
        <message>
            <source>Choose the folder of a project</source>
            <translation>Wählen Sie den Ordner eines Projekts</translation>
        </message>
        <message>
            <source>Making sample scans</source>
            <translation>Beispielscans werden erzeugt</translation>
        </message>
        <message>
            <source>No project is open</source>
            <translation>Kein Projekt geöffnet</translation>
        </message>
        <message>
            <source>Project: {name}</source>
            <translation>Projekt: {name}</translation>
        </message>
        <message>
            <source>Next:</source>
            <translation>Weiter:</translation>
        </message>
        <message>
            <source>Problem</source>
            <translation>Problem</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>Click New project and choose a folder that keeps your scans' list, outlines and models.</source>
            <translation>Klicken Sie auf Neues Projekt, und wählen Sie einen Ordner für die Liste Ihrer Scans, Konturen und Modelle.</translation>
        </message>
        <message>
            <source>Click Add loaded scans to take those that are open, or add a folder of scans.</source>
            <translation>Klicken Sie auf Geladene Scans hinzufügen, um die geöffneten zu nehmen, oder fügen Sie einen Ordner mit Scans hinzu.</translation>
        </message>
        <message>
            <source>Add a folder of scans, or load scans in Slicer and add those.</source>
            <translation>Fügen Sie einen Ordner mit Scans hinzu, oder laden Sie Scans in Slicer, und fügen Sie diese hinzu.</translation>
        </message>
        <message>
            <source>Training is going on. You can go on working in Slicer, or close it.</source>
            <translation>Das Training läuft. Sie können in Slicer weiterarbeiten oder es schließen.</translation>
        </message>
        <message>
            <source>Double-click a scan to outline your structures on it; two or more are best.</source>
            <translation>Doppelklicken Sie auf einen Scan, um Ihre Strukturen zu konturieren; am besten auf zwei oder mehr.</translation>
        </message>
        <message>
            <source>Apply your model to a scan, review the result, and correct it to train again.</source>
            <translation>Wenden Sie Ihr Modell auf einen Scan an, prüfen und korrigieren Sie das Ergebnis, und trainieren Sie erneut.</translation>
        </message>
        <message>
            <source>Click Train. For these sample scans {minutes} minutes are enough.</source>
            <translation>Klicken Sie auf Trainieren. Für diese Beispielscans genügen {minutes} Minuten.</translation>
        </message>
        <message>
            <source>Click Train. Outlining more scans first makes the result better.</source>
            <translation>Klicken Sie auf Trainieren. Mehr konturierte Scans machen das Ergebnis besser.</translation>
        </message>
    </context>
    <context>
        <name>panel.installbox</name>
        <message>
            <source>{text}; {time} so far. Slicer can be used meanwhile.</source>
            <translation>{text}; bisher {time}. Slicer ist dabei benutzbar.</translation>
        </message>
    </context>
    <context>
        <name>panel.jobbar</name>
        <message>
            <source>Cancelling</source>
            <translation>Wird abgebrochen</translation>
        </message>
    </context>
    <context>
        <name>panel.quality</name>
        <message>
            <source>There is no forecast for this segmentation: it was not predicted here, its scan shows nothing, or no structure was found in it.</source>
            <translation>Für diese Segmentierung gibt es keine Prognose: Sie wurde nicht hier vorhergesagt, auf ihrem Scan ist nichts zu sehen, oder es wurde keine Struktur gefunden.</translation>
        </message>
        <message>
            <source>likely good, look it through</source>
            <translation>wahrscheinlich gut, sehen Sie es durch</translation>
        </message>
        <message>
            <source>look at it closely, parts may need correction</source>
            <translation>sehen Sie genau hin, Teile können eine Korrektur brauchen</translation>
        </message>
        <message>
            <source>expect to correct it</source>
            <translation>rechnen Sie mit Korrekturen</translation>
        </message>
        <message>
            <source>Predicted Dice {dice:.2f}: {advice}.</source>
            <translation>Vorhergesagter Dice {dice:.2f}: {advice}.</translation>
        </message>
        <message>
            <source>The two networks agree to {agreement:.2f}.</source>
            <translation>Die zwei Netze stimmen zu {agreement:.2f} überein.</translation>
        </message>
    </context>
    <context>
        <name>panel.saving</name>
        <message>
            <source>{name} exists already in this folder. Replace it?</source>
            <translation>{name} gibt es in diesem Ordner schon. Soll es ersetzt werden?</translation>
        </message>
        <message>
            <source>{count} files exist already in this folder: {name}. Replace them?</source>
            <translation>{count} Dateien gibt es in diesem Ordner schon: {name}. Sollen sie ersetzt werden?</translation>
        </message>
    </context>
    <context>
        <name>panel.section</name>
        <message>
            <source>A file</source>
            <translation>Eine Datei</translation>
        </message>
        <message>
            <source>{file} can't be read or written: {reason}.</source>
            <translation>{file} kann nicht gelesen oder geschrieben werden: {reason}.</translation>
        </message>
        <message>
            <source>Something went wrong that is a defect of DualTaskSeg. Details are in the application log.</source>
            <translation>Es ist ein Fehler in DualTaskSeg aufgetreten. Näheres steht im Protokoll der Anwendung.</translation>
        </message>
        <message>
            <source>{tooltip} (key: {keys})</source>
            <translation>{tooltip} (Taste: {keys})</translation>
        </message>
    </context>
    <context>
        <name>panel.tablesaving</name>
        <message>
            <source>Save table</source>
            <translation>Tabelle speichern</translation>
        </message>
        <message>
            <source>Table (CSV)</source>
            <translation>Tabelle (CSV)</translation>
        </message>
        <message>
            <source>Written: {file}.</source>
            <translation>Geschrieben: {file}.</translation>
        </message>
        <message>
            <source>Writing the table</source>
            <translation>Die Tabelle wird geschrieben</translation>
        </message>
    </context>
    <context>
        <name>panel.termbox</name>
        <message>
            <source>Standard term of {name}</source>
            <translation>Standardbegriff für {name}</translation>
        </message>
        <message>
            <source>Tissue (nothing closer fits)</source>
            <translation>Gewebe (nichts Genaueres passt)</translation>
        </message>
    </context>
    <context>
        <name>project.checking</name>
        <message>
            <source>{file} is missing. Check that it was not moved.</source>
            <translation>{file} fehlt. Prüfen Sie, ob die Datei verschoben wurde.</translation>
        </message>
    </context>
    <context>
        <name>project.emptyslices</name>
        <message>
            <source>{count} slice has nothing to outline</source>
            <translation>auf {count} Schicht ist nichts zu konturieren</translation>
        </message>
        <message>
            <source>{count} slices have nothing to outline</source>
            <translation>auf {count} Schichten ist nichts zu konturieren</translation>
        </message>
        <message>
            <source>partly outlined</source>
            <translation>teilweise konturiert</translation>
        </message>
        <message>
            <source>partly outlined (slices: {outlined})</source>
            <translation>teilweise konturiert (Schichten: {outlined})</translation>
        </message>
        <message>
            <source>partly outlined ({outlined} of {all} slices)</source>
            <translation>teilweise konturiert ({outlined} von {all} Schichten)</translation>
        </message>
        <message>
            <source>partly</source>
            <translation>teilweise</translation>
        </message>
        <message>
            <source>partly: {outlined}</source>
            <translation>teilweise: {outlined}</translation>
        </message>
        <message>
            <source>partly: {outlined} of {all}</source>
            <translation>teilweise: {outlined} von {all}</translation>
        </message>
    </context>
    <context>
        <name>project.modellibrary</name>
        <message>
            <source>Made: {time}, with {programs}</source>
            <translation>Erzeugt: {time}, mit {programs}</translation>
        </message>
        <message>
            <source>Made: {time}</source>
            <translation>Erzeugt: {time}</translation>
        </message>
        <message>
            <source>Model: {name}</source>
            <translation>Modell: {name}</translation>
        </message>
        <message>
            <source>Structure: {name} (label value {value}), {term}</source>
            <translation>Struktur: {name} (Labelwert {value}), {term}</translation>
        </message>
        <message>
            <source>without a term</source>
            <translation>ohne Begriff</translation>
        </message>
        <message>
            <source>Learned from: {labeled} outlined scans ({partly} in part), {unlabeled} others; {heldOut} held out</source>
            <translation>Gelernt aus: {labeled} konturierten Scans ({partly} teilweise), {unlabeled} anderen; {heldOut} zurückgehalten</translation>
        </message>
        <message>
            <source>Settings: {settings}</source>
            <translation>Einstellungen: {settings}</translation>
        </message>
        <message>
            <source>Voxels: {size} mm</source>
            <translation>Voxelgröße: {size} mm</translation>
        </message>
        <message>
            <source>Coarse networks find where to look in the whole scan; the others look closely there.</source>
            <translation>Grobe Netze finden im ganzen Scan, wo etwas ist; die anderen sehen dort genau hin.</translation>
        </message>
        <message>
            <source>Scans are looked at roughly first, and computed closely where something was seen.</source>
            <translation>Scans werden zuerst grob angesehen und genau berechnet, wo etwas zu sehen war.</translation>
        </message>
        <message>
            <source>Check sum of the weights (SHA-256): {sum}</source>
            <translation>Prüfsumme der Gewichte (SHA-256): {sum}</translation>
        </message>
        <message>
            <source>The quality was not measured.</source>
            <translation>Die Qualität wurde nicht gemessen.</translation>
        </message>
        <message>
            <source>Quality of {structure}: {figures}</source>
            <translation>Qualität von {structure}: {figures}</translation>
        </message>
        <message>
            <source>The model {name} is deleted from {folder}. This can't be undone.</source>
            <translation>Das Modell {name} wird aus {folder} gelöscht. Das lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <source>The model {name} is deleted together with its training: checkpoint, curves and report in {runFolder}. Scans and segmentations stay. This can't be undone.</source>
            <translation>Das Modell {name} wird mit seinem Training gelöscht: Zwischenstand, Kurven und Bericht in {runFolder}. Scans und Segmentierungen bleiben. Das lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <source>{folder} is no longer there</source>
            <translation>{folder} gibt es nicht mehr</translation>
        </message>
        <message>
            <source>Nothing needs to be done</source>
            <translation>Es ist nichts zu tun</translation>
        </message>
        <message>
            <source>A training works in {folder}</source>
            <translation>Ein Training arbeitet in {folder}</translation>
        </message>
        <message>
            <source>Stop it first</source>
            <translation>Halten Sie es erst an</translation>
        </message>
        <message>
            <source>{folder} can't be deleted ({reason})</source>
            <translation>{folder} kann nicht gelöscht werden ({reason})</translation>
        </message>
        <message>
            <source>Close programs that use it, and make sure that you may write there</source>
            <translation>Schließen Sie Programme, die es benutzen, und sorgen Sie dafür, dass Sie dort schreiben dürfen</translation>
        </message>
        <message>
            <source>{file} can't be written ({reason})</source>
            <translation>{file} kann nicht geschrieben werden ({reason})</translation>
        </message>
        <message>
            <source>Choose a folder in which you may write, on a disk with free space</source>
            <translation>Wählen Sie einen Ordner, in dem Sie schreiben dürfen, auf einem Datenträger mit freiem Platz</translation>
        </message>
    </context>
    <context>
        <name>project.project</name>
        <message>
            <source>The label value {value} stands for voxels at which nobody looked, which does not fit {name}</source>
            <translation>Der Labelwert {value} steht für Voxel, die niemand angesehen hat; das passt nicht zu {name}</translation>
        </message>
        <message>
            <source>Make a project of its own for these scans</source>
            <translation>Legen Sie für diese Scans ein eigenes Projekt an</translation>
        </message>
        <message>
            <source>Add scans first.</source>
            <translation>Fügen Sie erst Scans hinzu.</translation>
        </message>
        <message>
            <source>Outline the structure on at least one scan first.</source>
            <translation>Konturieren Sie die Struktur erst auf mindestens einem Scan.</translation>
        </message>
        <message>
            <source>The case {name} is marked as labeled but has no segmentation.</source>
            <translation>Der Fall {name} hat die Rolle "mit Kontur", aber keine Segmentierung.</translation>
        </message>
        <message>
            <source>All scans were outlined before a structure was added: look at them again (in Cases).</source>
            <translation>Alle Scans wurden konturiert, bevor eine Struktur hinzukam: Sehen Sie sie noch einmal an (unter Fälle).</translation>
        </message>
        <message>
            <source>Name at least one segment to learn.</source>
            <translation>Benennen Sie mindestens ein Segment, das zu lernen ist.</translation>
        </message>
        <message>
            <source>All labeled cases are held out for validation, so none is left to learn from.</source>
            <translation>Alle Fälle mit Kontur sind für die Validierung zurückgehalten; es bleibt keiner zum Lernen.</translation>
        </message>
        <message>
            <source>The name of {file} can't be stored: it holds signs that are no text</source>
            <translation>Der Name von {file} kann nicht gespeichert werden: Er enthält Zeichen, die kein Text sind</translation>
        </message>
        <message>
            <source>Rename the file, or the folder it lies in, and add it again</source>
            <translation>Benennen Sie die Datei oder ihren Ordner um, und fügen Sie sie noch einmal hinzu</translation>
        </message>
    </context>
    <context>
        <name>project.storedproject</name>
        <message>
            <source>{folder} is a file</source>
            <translation>{folder} ist eine Datei</translation>
        </message>
        <message>
            <source>Choose a folder</source>
            <translation>Wählen Sie einen Ordner</translation>
        </message>
        <message>
            <source>The folder {folder} can't be read ({reason})</source>
            <translation>Der Ordner {folder} kann nicht gelesen werden ({reason})</translation>
        </message>
        <message>
            <source>Choose another one</source>
            <translation>Wählen Sie eine andere</translation>
        </message>
        <message>
            <source>The folder {folder} is not empty (it holds {foreign})</source>
            <translation>Der Ordner {folder} ist nicht leer (er enthält {foreign})</translation>
        </message>
        <message>
            <source>Choose an empty folder for the project; the scans can stay where they are</source>
            <translation>Wählen Sie einen leeren Ordner für das Projekt; die Scans können bleiben, wo sie sind</translation>
        </message>
        <message>
            <source>{folder} holds no project (it has no {file})</source>
            <translation>{folder} enthält kein Projekt (es fehlt {file})</translation>
        </message>
        <message>
            <source>Choose the folder of a project, or make a new one</source>
            <translation>Wählen Sie den Ordner eines Projekts, oder legen Sie ein neues an</translation>
        </message>
        <message>
            <source>{file} can't be read ({reason})</source>
            <translation>{file} kann nicht gelesen werden ({reason})</translation>
        </message>
        <message>
            <source>Make sure that you may read it</source>
            <translation>Sorgen Sie dafür, dass Sie sie lesen dürfen</translation>
        </message>
        <message>
            <source>it is not correct JSON</source>
            <translation>es ist kein korrektes JSON</translation>
        </message>
        <message>
            <source>it names no format</source>
            <translation>sie nennt kein Format</translation>
        </message>
        <message>
            <source>The project in {folder} was made by a newer version of DualTaskSeg (format {version}, known here: {known})</source>
            <translation>Das Projekt in {folder} stammt von einer neueren Version von DualTaskSeg (Format {version}, hier bekannt: {known})</translation>
        </message>
        <message>
            <source>Update the extension DualTaskSeg</source>
            <translation>Aktualisieren Sie die Erweiterung DualTaskSeg</translation>
        </message>
        <message>
            <source>the values of its labels contradict each other</source>
            <translation>die Werte ihrer Label widersprechen sich</translation>
        </message>
        <message>
            <source>two cases have the same {what}</source>
            <translation>zwei Fälle haben das gleiche Merkmal {what}</translation>
        </message>
        <message>
            <source>The project in {folder} is being saved by another program</source>
            <translation>Das Projekt in {folder} wird gerade von einem anderen Programm gespeichert</translation>
        </message>
        <message>
            <source>Try again in a moment; nothing that is shown here is lost until Slicer ends</source>
            <translation>Versuchen Sie es gleich noch einmal; nichts, was hier zu sehen ist, geht verloren, bis Slicer endet</translation>
        </message>
        <message>
            <source>The project in {folder} can't be saved ({reason})</source>
            <translation>Das Projekt in {folder} kann nicht gespeichert werden ({reason})</translation>
        </message>
        <message>
            <source>Make sure that the disk is connected, has free space, and that you may write there</source>
            <translation>Sorgen Sie dafür, dass der Datenträger verbunden ist und freien Platz hat und dass Sie dort schreiben dürfen</translation>
        </message>
        <message>
            <source>The project in {folder} is no longer there ({reason})</source>
            <translation>Das Projekt in {folder} ist nicht mehr da ({reason})</translation>
        </message>
        <message>
            <source>If its disk was disconnected, connect it again; nothing that is shown here is lost until Slicer ends</source>
            <translation>Wenn der Datenträger getrennt wurde, schließen Sie ihn wieder an; nichts, was hier zu sehen ist, geht verloren, bis Slicer endet</translation>
        </message>
        <message>
            <source>The project in {folder} was changed by another program since it was opened here</source>
            <translation>Das Projekt in {folder} wurde von einem anderen Programm geändert, seit es hier geöffnet wurde</translation>
        </message>
        <message>
            <source>Open the project again; what was changed here since the last saving is not in it</source>
            <translation>Öffnen Sie das Projekt noch einmal; was hier seit dem letzten Speichern geändert wurde, ist darin nicht enthalten</translation>
        </message>
        <message>
            <source>A segment has no name</source>
            <translation>Ein Segment hat keinen Namen</translation>
        </message>
        <message>
            <source>Give each segment a name</source>
            <translation>Geben Sie jedem Segment einen Namen</translation>
        </message>
        <message>
            <source>Two segments have the name {name}</source>
            <translation>Zwei Segmente haben den Namen {name}</translation>
        </message>
        <message>
            <source>Give each a name of its own</source>
            <translation>Geben Sie jedem einen eigenen Namen</translation>
        </message>
        <message>
            <source>The label value {value} of {name} is below 1 or used twice</source>
            <translation>Der Labelwert {value} von {name} ist kleiner als 1 oder kommt zweimal vor</translation>
        </message>
        <message>
            <source>Give each segment a whole number of its own</source>
            <translation>Geben Sie jedem Segment eine eigene ganze Zahl</translation>
        </message>
        <message>
            <source>{folder} already holds a project</source>
            <translation>{folder} enthält schon ein Projekt</translation>
        </message>
        <message>
            <source>Open it, or choose another folder</source>
            <translation>Öffnen Sie es, oder wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <source>The project file {file} is damaged ({why})</source>
            <translation>Die Projektdatei {file} ist beschädigt ({why})</translation>
        </message>
        <message>
            <source>Put back an older copy of it; scans, labels, runs and models are not affected</source>
            <translation>Legen Sie eine ältere Kopie davon zurück; Scans, Konturen, Trainings und Modelle sind nicht betroffen</translation>
        </message>
    </context>
    <context>
        <name>project.structures</name>
        <message>
            <source>A label can hold the values 1 to {most}, and the last one is taken</source>
            <translation>Ein Label kann die Werte 1 bis {most} enthalten, und der letzte ist vergeben</translation>
        </message>
        <message>
            <source>Make a project of its own for further structures</source>
            <translation>Legen Sie für weitere Strukturen ein eigenes Projekt an</translation>
        </message>
        <message>
            <source>It may be outlined in {case}, so it stays.</source>
            <translation>Sie kann in {case} konturiert sein, also bleibt sie.</translation>
        </message>
        <message>
            <source>A structure needs a name of letters and figures</source>
            <translation>Eine Struktur braucht einen Namen aus Buchstaben und Ziffern</translation>
        </message>
        <message>
            <source>Give it one</source>
            <translation>Geben Sie ihr einen</translation>
        </message>
        <message>
            <source>The project</source>
            <translation>Das Projekt</translation>
        </message>
        <message>
            <source>There is already a structure called {name}</source>
            <translation>Es gibt schon eine Struktur namens {name}</translation>
        </message>
        <message>
            <source>Give it a name of its own</source>
            <translation>Geben Sie ihr einen eigenen Namen</translation>
        </message>
        <message>
            <source>{name} was what {present} was called before, and models know it by that</source>
            <translation>{name} hieß früher, was jetzt {present} heißt, und Modelle kennen es unter diesem Namen</translation>
        </message>
        <message>
            <source>Give it another name</source>
            <translation>Geben Sie ihr einen anderen Namen</translation>
        </message>
    </context>
    <context>
        <name>results.accepting</name>
        <message>
            <source>The project has no segment {name} with the label value that the model gives it</source>
            <translation>Das Projekt hat kein Segment {name} mit dem Labelwert, den das Modell ihm gibt</translation>
        </message>
        <message>
            <source>Show the result and use it as label there</source>
            <translation>Zeigen Sie das Ergebnis, und machen Sie es dort zur Kontur</translation>
        </message>
    </context>
    <context>
        <name>results.annotations</name>
        <message>
            <source>It is not known yet what the labels of the other scans mean</source>
            <translation>Noch ist nicht bekannt, was die Konturen der anderen Scans bedeuten</translation>
        </message>
        <message>
            <source>Wait until they are checked, then click Use outline</source>
            <translation>Warten Sie, bis sie geprüft sind, und klicken Sie dann auf Kontur übernehmen</translation>
        </message>
        <message>
            <source>{name} outlines</source>
            <translation>{name} Konturen</translation>
        </message>
        <message>
            <source>Structure</source>
            <translation>Struktur</translation>
        </message>
    </context>
    <context>
        <name>results.completing</name>
        <message>
            <source>The volume is no case of the project</source>
            <translation>Das Volumen ist kein Fall des Projekts</translation>
        </message>
        <message>
            <source>Add it in the section Cases</source>
            <translation>Fügen Sie es im Abschnitt Fälle hinzu</translation>
        </message>
        <message>
            <source>The case {name} is not partly outlined, so there is nothing to complete</source>
            <translation>Der Fall {name} ist nicht teilweise konturiert; es gibt nichts zu ergänzen</translation>
        </message>
        <message>
            <source>Outline some of its slices and say that the others are not outlined yet</source>
            <translation>Konturieren Sie einige seiner Schichten, und sagen Sie, dass die anderen noch nicht konturiert sind</translation>
        </message>
        <message>
            <source>The outline of {name} does not lie on its scan: it has {outline}, the scan has {scan}</source>
            <translation>Die Kontur von {name} liegt nicht auf ihrem Scan: Sie hat {outline}, der Scan hat {scan}</translation>
        </message>
        <message>
            <source>Outline the case again</source>
            <translation>Konturieren Sie den Fall noch einmal</translation>
        </message>
        <message>
            <source>The model {model} does not know the project's structure {name}</source>
            <translation>Das Modell {model} kennt die Struktur {name} des Projekts nicht</translation>
        </message>
        <message>
            <source>Choose a model that was trained on it</source>
            <translation>Wählen Sie ein Modell, das darauf trainiert wurde</translation>
        </message>
    </context>
    <context>
        <name>results.results</name>
        <message>
            <source>{name} was not found in this scan.</source>
            <translation>{name} wurde in diesem Scan nicht gefunden.</translation>
        </message>
        <message>
            <source>{volume} segmentation</source>
            <translation>{volume} Segmentierung</translation>
        </message>
        <message>
            <source>{volume} signed distance {segment}</source>
            <translation>{volume} Abstand mit Vorzeichen {segment}</translation>
        </message>
        <message>
            <source>{volume} uncertainty</source>
            <translation>{volume} Unsicherheit</translation>
        </message>
    </context>
    <context>
        <name>results.segmenting</name>
        <message>
            <source>Another volume is being segmented</source>
            <translation>Ein anderes Volumen wird segmentiert</translation>
        </message>
        <message>
            <source>Wait until it is done, or cancel it</source>
            <translation>Warten Sie, bis es fertig ist, oder brechen Sie ab</translation>
        </message>
        <message>
            <source>{name} is under a transform; a copy with the transform applied was segmented.</source>
            <translation>{name} steht unter einer Transformation; segmentiert wurde eine Kopie, auf die sie angewendet ist.</translation>
        </message>
        <message>
            <source>Handing over the volume</source>
            <translation>Das Volumen wird übergeben</translation>
        </message>
        <message>
            <source>The volume was deleted meanwhile, so its segmentation has no place. Load it and segment again.</source>
            <translation>Das Volumen wurde inzwischen gelöscht; seine Segmentierung hat keinen Platz. Laden Sie es, und segmentieren Sie noch einmal.</translation>
        </message>
        <message>
            <source>Loading the result</source>
            <translation>Das Ergebnis wird geladen</translation>
        </message>
        <message>
            <source>The earlier result of {name} was corrected, so both are kept.</source>
            <translation>Das frühere Ergebnis von {name} wurde korrigiert; daher bleiben beide.</translation>
        </message>
    </context>
    <context>
        <name>results.suggestedslice</name>
        <message>
            <source>The case {name} is not partly outlined</source>
            <translation>Der Fall {name} ist nicht teilweise konturiert</translation>
        </message>
        <message>
            <source>Outline some of its slices and say that the others are not outlined yet</source>
            <translation>Konturieren Sie einige seiner Schichten, und sagen Sie, dass die anderen noch nicht konturiert sind</translation>
        </message>
        <message>
            <source>The uncertainty volume {name} does not lie on the grid of {case}</source>
            <translation>Das Unsicherheitsvolumen {name} liegt nicht auf dem Raster von {case}</translation>
        </message>
        <message>
            <source>Segment the scan again</source>
            <translation>Segmentieren Sie den Scan noch einmal</translation>
        </message>
    </context>
    <context>
        <name>review.comparebox</name>
        <message>
            <source>Structure</source>
            <translation>Struktur</translation>
        </message>
        <message>
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>Added</source>
            <translation>Dazu</translation>
        </message>
        <message>
            <source>Removed</source>
            <translation>Weg</translation>
        </message>
        <message>
            <source>Surfaces apart</source>
            <translation>Abstand der Oberflächen</translation>
        </message>
        <message>
            <source>There is no other segmentation of this scan.</source>
            <translation>Es gibt keine andere Segmentierung dieses Scans.</translation>
        </message>
        <message>
            <source>The earlier result to compare with: of another model, or an outline</source>
            <translation>Das frühere Ergebnis zum Vergleich: von einem anderen Modell, oder eine Kontur</translation>
        </message>
        <message>
            <source>Show the outline of the other one in the slice views</source>
            <translation>Den Umriss des anderen in den Schichtansichten zeigen</translation>
        </message>
        <message>
            <source>Find what changed from the other one to this result: volumes, surfaces, and a colored map</source>
            <translation>Finden, was sich vom anderen zu diesem Ergebnis geändert hat: Volumen, Oberflächen und eine farbige Karte</translation>
        </message>
        <message>
            <source>Compare first.</source>
            <translation>Vergleichen Sie erst.</translation>
        </message>
        <message>
            <source>Save these numbers as a table for a spreadsheet (CSV)</source>
            <translation>Diese Zahlen als Tabelle für eine Tabellenkalkulation speichern (CSV)</translation>
        </message>
        <message>
            <source>{structure}: Dice {dice}. Surfaces: mean {mean}, 95 % {percentile}, largest {largest} mm.</source>
            <translation>{structure}: Dice {dice}. Oberflächen: im Mittel {mean}, 95 % {percentile}, höchstens {largest} mm.</translation>
        </message>
        <message>
            <source>{volume} mL</source>
            <translation>{volume} ml</translation>
        </message>
        <message>
            <source>Comparing</source>
            <translation>Wird verglichen</translation>
        </message>
        <message>
            <source>changes</source>
            <translation>Änderungen</translation>
        </message>
        <message>
            <source>A segmentation has changed since it was compared. Compare again.</source>
            <translation>Eine Segmentierung wurde seit dem Vergleich bearbeitet. Vergleichen Sie noch einmal.</translation>
        </message>
        <message>
            <source>{name} changes</source>
            <translation>{name} Änderungen</translation>
        </message>
        <message>
            <source>What changed is colored in the views. The table is {name}.</source>
            <translation>Was sich geändert hat, ist in den Ansichten gefärbt. Die Tabelle ist {name}.</translation>
        </message>
        <message>
            <source>{name}, by {model}</source>
            <translation>{name}, von {model}</translation>
        </message>
    </context>
    <context>
        <name>review.layerbox</name>
        <message>
            <source>Nothing</source>
            <translation>Nichts</translation>
        </message>
        <message>
            <source>Signed distance to the surface</source>
            <translation>Abstand mit Vorzeichen zur Oberfläche</translation>
        </message>
        <message>
            <source>Where the two networks disagree</source>
            <translation>Wo sich die zwei Netze widersprechen</translation>
        </message>
        <message>
            <source>What changed</source>
            <translation>Was sich geändert hat</translation>
        </message>
        <message>
            <source>-{band:g} mm, inside</source>
            <translation>-{band:g} mm, innen</translation>
        </message>
        <message>
            <source>0, surface</source>
            <translation>0, Oberfläche</translation>
        </message>
        <message>
            <source>+{band:g} mm, outside</source>
            <translation>+{band:g} mm, außen</translation>
        </message>
        <message>
            <source>0, they agree</source>
            <translation>0, sie stimmen überein</translation>
        </message>
        <message>
            <source>1, they contradict each other</source>
            <translation>1, sie widersprechen sich</translation>
        </message>
        <message>
            <source>added</source>
            <translation>dazugekommen</translation>
        </message>
        <message>
            <source>removed</source>
            <translation>weggefallen</translation>
        </message>
        <message>
            <source>another structure</source>
            <translation>andere Struktur</translation>
        </message>
    </context>
    <context>
        <name>review.numbersbox</name>
        <message>
            <source>Structure</source>
            <translation>Struktur</translation>
        </message>
        <message>
            <source>Volume</source>
            <translation>Volumen</translation>
        </message>
        <message>
            <source>Axial slice</source>
            <translation>Axiale Schicht</translation>
        </message>
        <message>
            <source>In 3D</source>
            <translation>In 3D</translation>
        </message>
        <message>
            <source>Measure each structure: its volume, and its largest diameters in an axial slice and in 3D</source>
            <translation>Jede Struktur messen: ihr Volumen und ihre größten Durchmesser in einer axialen Schicht und in 3D</translation>
        </message>
        <message>
            <source>Measure first.</source>
            <translation>Messen Sie erst.</translation>
        </message>
        <message>
            <source>Save these numbers as a table for a spreadsheet (CSV)</source>
            <translation>Diese Zahlen als Tabelle für eine Tabellenkalkulation speichern (CSV)</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
        <message>
            <source>numbers</source>
            <translation>Messwerte</translation>
        </message>
        <message>
            <source>{name} numbers</source>
            <translation>{name} Messwerte</translation>
        </message>
        <message>
            <source>Measured. The table is {name}.</source>
            <translation>Gemessen. Die Tabelle ist {name}.</translation>
        </message>
        <message>
            <source>{volume} mL</source>
            <translation>{volume} ml</translation>
        </message>
        <message>
            <source>{length} x {across} mm</source>
            <translation>{length} x {across} mm</translation>
        </message>
        <message>
            <source>{length} mm</source>
            <translation>{length} mm</translation>
        </message>
    </context>
    <context>
        <name>review.regionsbox</name>
        <message>
            <source>The networks agree everywhere.</source>
            <translation>Die Netze stimmen überall überein.</translation>
        </message>
        <message>
            <source>This is the last place.</source>
            <translation>Das ist die letzte Stelle.</translation>
        </message>
        <message>
            <source>Go to the next most uncertain place; the slice views center on it</source>
            <translation>Zur nächsten unsichersten Stelle gehen; die Schichtansichten werden dort zentriert</translation>
        </message>
        <message>
            <source>This is the first place.</source>
            <translation>Das ist die erste Stelle.</translation>
        </message>
        <message>
            <source>Go back to the place before</source>
            <translation>Zur vorigen Stelle zurückgehen</translation>
        </message>
        <message>
            <source>no such place</source>
            <translation>keine solche Stelle</translation>
        </message>
        <message>
            <source>{number} of {count}: {size} mL</source>
            <translation>{number} von {count}: {size} ml</translation>
        </message>
        <message>
            <source>looking...</source>
            <translation>wird gesucht...</translation>
        </message>
    </context>
    <context>
        <name>review.reviewsection</name>
        <message>
            <source>&amp;Review</source>
            <translation>&amp;Prüfen</translation>
        </message>
        <message>
            <source>Choose a result, or segment a volume in the section Apply.</source>
            <translation>Wählen Sie ein Ergebnis, oder segmentieren Sie ein Volumen im Abschnitt Anwenden.</translation>
        </message>
        <message>
            <source>Everything is hidden. Click Show again.</source>
            <translation>Alles ist ausgeblendet. Klicken Sie auf Wieder anzeigen.</translation>
        </message>
        <message>
            <source>This segmentation has no signed distance volume.</source>
            <translation>Zu dieser Segmentierung gibt es kein Abstandsvolumen.</translation>
        </message>
        <message>
            <source>This segmentation has no uncertainty volume.</source>
            <translation>Zu dieser Segmentierung gibt es kein Unsicherheitsvolumen.</translation>
        </message>
        <message>
            <source>It holds outlines of a person; the model filled the rest.</source>
            <translation>Sie enthält Konturen eines Menschen; den Rest hat das Modell gefüllt.</translation>
        </message>
        <message>
            <source>It was edited since; distance and uncertainty are still those of the prediction.</source>
            <translation>Sie wurde seitdem bearbeitet; Abstand und Unsicherheit sind noch die der Vorhersage.</translation>
        </message>
        <message>
            <source>The result is not visible.</source>
            <translation>Das Ergebnis ist nicht sichtbar.</translation>
        </message>
        <message>
            <source>Over the map of changes only the outline is drawn.</source>
            <translation>Über der Karte der Änderungen wird nur der Umriss gezeichnet.</translation>
        </message>
        <message>
            <source>Choose this map above.</source>
            <translation>Wählen Sie diese Karte oben.</translation>
        </message>
        <message>
            <source>Turn on the contour lines.</source>
            <translation>Schalten Sie die Abstandslinien ein.</translation>
        </message>
        <message>
            <source>Wait until the numbers are there, or cancel.</source>
            <translation>Warten Sie, bis die Zahlen da sind, oder brechen Sie ab.</translation>
        </message>
        <message>
            <source>This scan is not partly outlined.</source>
            <translation>Dieser Scan ist nicht teilweise konturiert.</translation>
        </message>
        <message>
            <source>Go to the slice that is worth outlining next: not outlined yet, and the networks disagree most on it</source>
            <translation>Zur Schicht gehen, die als Nächstes eine Kontur lohnt: noch nicht konturiert, und die Netze widersprechen sich dort am meisten</translation>
        </message>
        <message>
            <source>Show again</source>
            <translation>Wieder anzeigen</translation>
        </message>
        <message>
            <source>Hide everything</source>
            <translation>Alles ausblenden</translation>
        </message>
        <message>
            <source>Show the result again as it was</source>
            <translation>Das Ergebnis wieder zeigen, wie es war</translation>
        </message>
        <message>
            <source>Take all overlays away and restore the layout and the volumes that you had</source>
            <translation>Alle Überlagerungen wegnehmen; Ihre Anordnung und Ihre Volumen kommen zurück</translation>
        </message>
        <message>
            <source>This segmentation has no map of its own.</source>
            <translation>Diese Segmentierung hat keine eigene Karte.</translation>
        </message>
        <message>
            <source>No place is at a distance of {distances} mm, so no line is drawn for it.</source>
            <translation>Keine Stelle hat einen Abstand von {distances} mm; dafür wird keine Linie gezeichnet.</translation>
        </message>
        <message>
            <source>Canceled.</source>
            <translation>Abgebrochen.</translation>
        </message>
        <message>
            <source>The networks agree on all slices that are left to outline.</source>
            <translation>Die Netze stimmen auf allen Schichten überein, die noch zu konturieren sind.</translation>
        </message>
        <message>
            <source>Outline this {direction} slice of {name} next: the networks disagree on {area} cm² of it.</source>
            <translation>Konturieren Sie als Nächstes diese Schicht ({direction}) von {name}: Auf {area} cm² davon widersprechen sich die Netze.</translation>
        </message>
        <message>
            <source>'{part}' is no distance in mm</source>
            <translation>'{part}' ist kein Abstand in mm</translation>
        </message>
        <message>
            <source>Write numbers such as -2, 0, 5</source>
            <translation>Schreiben Sie Zahlen wie -2, 0, 5</translation>
        </message>
    </context>
    <context>
        <name>scene.casevolumes</name>
        <message>
            <source>The volume was deleted from the scene.</source>
            <translation>Das Volumen wurde aus der Szene gelöscht.</translation>
        </message>
        <message>
            <source>{name} is a label map, not a scan.</source>
            <translation>{name} ist eine Labelkarte, kein Scan.</translation>
        </message>
        <message>
            <source>{name} holds no voxels. Load it again.</source>
            <translation>{name} enthält keine Voxel. Laden Sie es noch einmal.</translation>
        </message>
        <message>
            <source>{name} has {count} values for each voxel (color or several channels); one gray value is needed.</source>
            <translation>{name} hat {count} Werte je Voxel (Farbe oder mehrere Kanäle); nötig ist ein Grauwert.</translation>
        </message>
        <message>
            <source>{name} is a flat image; a scan with several slices is needed.</source>
            <translation>{name} ist ein flaches Bild; nötig ist ein Scan mit mehreren Schichten.</translation>
        </message>
        <message>
            <source>{name} has no usable geometry. Set its spacing and directions in the module Volumes.</source>
            <translation>{name} hat keine brauchbare Geometrie. Setzen Sie Voxelgröße und Richtungen im Modul Volumes.</translation>
        </message>
        <message>
            <source>The axes of {name} are not at right angles to each other. Resample it with the module Resample Scalar/Vector/DWI Volume.</source>
            <translation>Die Achsen von {name} stehen nicht senkrecht aufeinander. Rechnen Sie es mit dem Modul Resample Scalar/Vector/DWI Volume um.</translation>
        </message>
        <message>
            <source>{name} seems to have no geometry of its own: voxels of 1x1x1 mm at the origin.</source>
            <translation>{name} scheint keine eigene Geometrie zu haben: Voxel von 1x1x1 mm am Ursprung.</translation>
        </message>
        <message>
            <source>{name} is under a transform; a copy with the transform applied is used for training.</source>
            <translation>{name} steht unter einer Transformation; trainiert wird mit einer Kopie, auf die sie angewendet ist.</translation>
        </message>
        <message>
            <source>{file} can't be used: {problem}</source>
            <translation>{file} ist nicht benutzbar: {problem}</translation>
        </message>
        <message>
            <source>The voxels of {name} are of a type that can't be written ({type})</source>
            <translation>Die Voxel von {name} sind von einem Typ, der nicht geschrieben werden kann ({type})</translation>
        </message>
        <message>
            <source>Cast the volume to another type, for example short or float</source>
            <translation>Wandeln Sie das Volumen in einen anderen Typ um, etwa short oder float</translation>
        </message>
        <message>
            <source>The result does not lie on the grid of {name}: it has {result}, the volume has {volume}</source>
            <translation>Das Ergebnis liegt nicht auf dem Raster von {name}: Es hat {result}, das Volumen hat {volume}</translation>
        </message>
        <message>
            <source>The volume was changed or moved in the meantime; do it again</source>
            <translation>Das Volumen wurde inzwischen geändert oder bewegt; wiederholen Sie den Schritt</translation>
        </message>
    </context>
    <context>
        <name>scene.labelmaps</name>
        <message>
            <source>{name} holds no outline of a segment of the project</source>
            <translation>{name} enthält keine Kontur eines Segments des Projekts</translation>
        </message>
        <message>
            <source>Outline the structure in Segment Editor first</source>
            <translation>Konturieren Sie die Struktur erst im Segment Editor</translation>
        </message>
        <message>
            <source>{name} lies on another grid or under another transform; it was brought to the grid of {scan}.</source>
            <translation>{name} liegt auf einem anderen Raster oder unter einer anderen Transformation; es wurde auf das Raster von {scan} gebracht.</translation>
        </message>
        <message>
            <source>{count} voxel belongs to several segments; it was counted to the first in the list.</source>
            <translation>{count} Voxel gehört zu mehreren Segmenten; es zählt zum ersten in der Liste.</translation>
        </message>
        <message>
            <source>{count} voxels belong to several segments; they were counted to the first in the list.</source>
            <translation>{count} Voxel gehören zu mehreren Segmenten; sie zählen zum ersten in der Liste.</translation>
        </message>
        <message>
            <source>No outline of {name} lies within {scan}</source>
            <translation>Keine Kontur von {name} liegt innerhalb von {scan}</translation>
        </message>
        <message>
            <source>Check that the segmentation belongs to this scan</source>
            <translation>Prüfen Sie, ob die Segmentierung zu diesem Scan gehört</translation>
        </message>
        <message>
            <source>{name} outlines</source>
            <translation>{name} Konturen</translation>
        </message>
        <message>
            <source>The label {file} holds values that are not whole numbers from 0 to 255</source>
            <translation>Die Kontur {file} enthält Werte, die keine ganzen Zahlen von 0 bis 255 sind</translation>
        </message>
        <message>
            <source>Check that it is a label, not a scan or a probability map</source>
            <translation>Prüfen Sie, ob es eine Kontur ist und kein Scan und keine Wahrscheinlichkeitskarte</translation>
        </message>
        <message>
            <source>The segmentation was deleted from the scene</source>
            <translation>Die Segmentierung wurde aus der Szene gelöscht</translation>
        </message>
        <message>
            <source>Choose another one</source>
            <translation>Wählen Sie eine andere</translation>
        </message>
        <message>
            <source>{name} has no segments</source>
            <translation>{name} hat keine Segmente</translation>
        </message>
        <message>
            <source>Outline the structure first</source>
            <translation>Konturieren Sie erst die Struktur</translation>
        </message>
        <message>
            <source>The project has no segments</source>
            <translation>Das Projekt hat keine Segmente</translation>
        </message>
        <message>
            <source>Name at least one segment to learn</source>
            <translation>Benennen Sie mindestens ein Segment, das zu lernen ist</translation>
        </message>
        <message>
            <source>The label value {value} of {name} is not from 1 to 255</source>
            <translation>Der Labelwert {value} von {name} liegt nicht zwischen 1 und 255</translation>
        </message>
        <message>
            <source>Give it another value</source>
            <translation>Geben Sie ihm einen anderen Wert</translation>
        </message>
        <message>
            <source>The segment {name} was left out.</source>
            <translation>Das Segment {name} wurde ausgelassen.</translation>
        </message>
        <message>
            <source>The project has no segment named {name}</source>
            <translation>Das Projekt hat kein Segment namens {name}</translation>
        </message>
        <message>
            <source>Map it to one of: {names}; or leave it out</source>
            <translation>Ordnen Sie es einem von diesen zu: {names}; oder lassen Sie es aus</translation>
        </message>
        <message>
            <source>Two segments, {first} and {second}, stand for {name}</source>
            <translation>Zwei Segmente, {first} und {second}, stehen für {name}</translation>
        </message>
        <message>
            <source>Leave one of them out, or join them in Segment Editor</source>
            <translation>Lassen Sie eines davon aus, oder vereinigen Sie sie im Segment Editor</translation>
        </message>
        <message>
            <source>{name} is still to be looked for in this scan.</source>
            <translation>{name} ist in diesem Scan noch zu suchen.</translation>
        </message>
        <message>
            <source>There is no segment {name}; the scan is taken not to show it.</source>
            <translation>Es gibt kein Segment {name}; es wird angenommen, dass der Scan es nicht zeigt.</translation>
        </message>
        <message>
            <source>The segment {name} is empty.</source>
            <translation>Das Segment {name} ist leer.</translation>
        </message>
        <message>
            <source>{name} was changed or moved since it became a case: it has {now}, its file has {then}</source>
            <translation>{name} wurde geändert oder bewegt, seit es ein Fall ist: Es hat {now}, seine Datei hat {then}</translation>
        </message>
        <message>
            <source>Undo the change, or remove the case and add the volume again</source>
            <translation>Machen Sie die Änderung rückgängig, oder entfernen Sie den Fall, und fügen Sie das Volumen neu hinzu</translation>
        </message>
        <message>
            <source>{share} % of {name} was lost, since it lies outside of {scan} or between its voxels.</source>
            <translation>{share} % von {name} gingen verloren, da sie außerhalb von {scan} oder zwischen seinen Voxeln liegen.</translation>
        </message>
        <message>
            <source>Value {value}</source>
            <translation>Wert {value}</translation>
        </message>
    </context>
    <context>
        <name>scene.sampledata</name>
        <message>
            <source>DualTaskSeg</source>
            <translation>DualTaskSeg</translation>
        </message>
        <message>
            <source>The sample scans can't be made: {problem}</source>
            <translation>Die Beispielscans können nicht erzeugt werden: {problem}</translation>
        </message>
        <message>
            <source>Sample scans</source>
            <translation>Beispielscans</translation>
        </message>
    </context>
    <context>
        <name>scene.seenmaps</name>
        <message>
            <source>The outline of {name} has empty slices between outlined ones ({outlined} are outlined)</source>
            <translation>Die Kontur von {name} hat leere Schichten zwischen konturierten ({outlined} sind konturiert)</translation>
        </message>
        <message>
            <source>Say whether they are not outlined yet or the structure is not there</source>
            <translation>Sagen Sie, ob sie noch nicht konturiert sind oder die Struktur dort fehlt</translation>
        </message>
        <message>
            <source>This slice of {name} counts as looked at already</source>
            <translation>Diese Schicht von {name} gilt schon als angesehen</translation>
        </message>
        <message>
            <source>Choose a slice without outline</source>
            <translation>Wählen Sie eine Schicht ohne Kontur</translation>
        </message>
        <message>
            <source>The label of {name} tells itself that nobody looked at this slice</source>
            <translation>Die Kontur von {name} sagt selbst, dass niemand diese Schicht angesehen hat</translation>
        </message>
        <message>
            <source>Outline more of the scan: then the project keeps what was looked at</source>
            <translation>Konturieren Sie mehr von dem Scan: dann merkt sich das Projekt, was angesehen wurde</translation>
        </message>
        <message>
            <source>The map of what was looked at in {name} ({file}) has {own}, the scan has {scan}</source>
            <translation>Die Karte dessen, was in {name} angesehen wurde ({file}), hat {own}, der Scan hat {scan}</translation>
        </message>
        <message>
            <source>Say in the menu of the case what its slices without outline are</source>
            <translation>Sagen Sie im Menü des Falls, was die Schichten ohne Kontur sind</translation>
        </message>
    </context>
    <context>
        <name>train.devices</name>
        <message>
            <source>not known before everything is installed</source>
            <translation>erst bekannt, wenn alles installiert ist</translation>
        </message>
        <message>
            <source>Looking for devices…</source>
            <translation>Geräte werden gesucht…</translation>
        </message>
        <message>
            <source>Processor (CPU)</source>
            <translation>Prozessor (CPU)</translation>
        </message>
        <message>
            <source>What computes. A graphics card is many times faster than the processor</source>
            <translation>Was rechnet. Eine Grafikkarte ist viel schneller als der Prozessor</translation>
        </message>
        <message>
            <source>Trying what was installed…</source>
            <translation>Das Installierte wird ausprobiert…</translation>
        </message>
        <message>
            <source>, {free} of {total} GB free</source>
            <translation>, {free} von {total} GB frei</translation>
        </message>
    </context>
    <context>
        <name>train.runtable</name>
        <message>
            <source>not started</source>
            <translation>nicht begonnen</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>beginnt</translation>
        </message>
        <message>
            <source>training</source>
            <translation>trainiert</translation>
        </message>
        <message>
            <source>stopping</source>
            <translation>hält an</translation>
        </message>
        <message>
            <source>interrupted</source>
            <translation>unterbrochen</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>angehalten</translation>
        </message>
        <message>
            <source>finished</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>fehlgeschlagen</translation>
        </message>
        <message>
            <source>missing</source>
            <translation>fehlt</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>Training</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Status</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
    </context>
    <context>
        <name>train.trainsection</name>
        <message>
            <source>&amp;Train</source>
            <translation>&amp;Trainieren</translation>
        </message>
        <message>
            <source>Quick ({time})</source>
            <translation>Schnell ({time})</translation>
        </message>
        <message>
            <source>Standard ({time})</source>
            <translation>Standard ({time})</translation>
        </message>
        <message>
            <source>Best ({time}, for a graphics card)</source>
            <translation>Am besten ({time}, für eine Grafikkarte)</translation>
        </message>
        <message>
            <source>As published (many hours, for a graphics card)</source>
            <translation>Wie veröffentlicht (viele Stunden, für eine Grafikkarte)</translation>
        </message>
        <message>
            <source>those of the first scan that you outline</source>
            <translation>die des ersten Scans, den Sie konturieren</translation>
        </message>
        <message>
            <source>Model {name}</source>
            <translation>Modell {name}</translation>
        </message>
        <message>
            <source>New networks</source>
            <translation>Neue Netze</translation>
        </message>
        <message>
            <source>Train a network on the cases of the table</source>
            <translation>Ein Netz mit den Fällen der Tabelle trainieren</translation>
        </message>
        <message>
            <source>End at once</source>
            <translation>Sofort beenden</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>No training is going on.</source>
            <translation>Kein Training läuft.</translation>
        </message>
        <message>
            <source>End the process at once; what was learned since it last saved is lost</source>
            <translation>Den Prozess sofort beenden; was seit dem letzten Speichern gelernt wurde, geht verloren</translation>
        </message>
        <message>
            <source>Finish the present step, save everything and end. Resume goes on later</source>
            <translation>Den jetzigen Schritt beenden, alles speichern und aufhören. Mit Fortsetzen geht es später weiter</translation>
        </message>
        <message>
            <source>Go on with the selected training</source>
            <translation>Mit dem gewählten Training weitermachen</translation>
        </message>
        <message>
            <source>There is no training yet.</source>
            <translation>Es gibt noch kein Training.</translation>
        </message>
        <message>
            <source>Show loss and Dice as curves beside the slices</source>
            <translation>Verlust und Dice als Kurven neben den Schichten zeigen</translation>
        </message>
        <message>
            <source>Show what the training wrote about itself</source>
            <translation>Zeigen, was das Training über sich geschrieben hat</translation>
        </message>
        <message>
            <source>The report comes with the end of the training.</source>
            <translation>Der Bericht kommt am Ende des Trainings.</translation>
        </message>
        <message>
            <source>Open the report with figures and pictures in the browser</source>
            <translation>Den Bericht mit Zahlen und Bildern im Browser öffnen</translation>
        </message>
        <message>
            <source>Install what is missing first.</source>
            <translation>Installieren Sie erst, was fehlt.</translation>
        </message>
        <message>
            <source>A training is going on. Stop it first, or wait until it ends.</source>
            <translation>Ein Training läuft. Halten Sie es erst an, oder warten Sie, bis es endet.</translation>
        </message>
        <message>
            <source>Wait a moment: it is being found out what can compute here.</source>
            <translation>Einen Moment: Es wird geprüft, was hier rechnen kann.</translation>
        </message>
        <message>
            <source>Wait until all scans and outlines are written.</source>
            <translation>Warten Sie, bis alle Scans und Konturen geschrieben sind.</translation>
        </message>
        <message>
            <source>This training is going on.</source>
            <translation>Dieses Training läuft.</translation>
        </message>
        <message>
            <source>This training is finished. To train further, choose its model under Begin with, and click Train.</source>
            <translation>Dieses Training ist fertig. Um weiter zu trainieren, wählen Sie unter Beginnen mit sein Modell, und klicken Sie auf Trainieren.</translation>
        </message>
        <message>
            <source> (on {device})</source>
            <translation> (auf {device})</translation>
        </message>
        <message>
            <source>The training is finished. Its model is chosen under Models; apply it to a scan.</source>
            <translation>Das Training ist fertig. Sein Modell ist unter Modelle gewählt; wenden Sie es auf einen Scan an.</translation>
        </message>
        <message>
            <source>{names} was outlined before a structure was added, so its outline is not learned from. Train?</source>
            <translation>{names} wurde konturiert, bevor eine Struktur hinzukam; aus der Kontur wird nicht gelernt. Trainieren?</translation>
        </message>
        <message>
            <source>{count} scans ({names}) were outlined before a structure was added, so their outlines are not learned from. Train?</source>
            <translation>{count} Scans ({names}) wurden konturiert, bevor eine Struktur hinzukam; aus ihren Konturen wird nicht gelernt. Trainieren?</translation>
        </message>
        <message>
            <source>No standard term is chosen for {names}, so DICOM files will call it 'Tissue'. Train all the same? To choose a term, cancel, and click Structures in the section Cases.</source>
            <translation>Für {names} ist kein Standardbegriff gewählt; DICOM-Dateien nennen es dann 'Tissue' (Gewebe). Trotzdem trainieren? Um einen zu wählen, brechen Sie ab und klicken Sie im Abschnitt Fälle auf Strukturen.</translation>
        </message>
        <message>
            <source>many hours</source>
            <translation>viele Stunden</translation>
        </message>
        <message>
            <source>Train on the processor? It takes {time} and keeps all its cores busy. A graphics card learns many times more in the same time.</source>
            <translation>Auf dem Prozessor trainieren? Das dauert {time} und lastet alle Kerne aus. Eine Grafikkarte lernt in derselben Zeit ein Vielfaches.</translation>
        </message>
        <message>
            <source>End the training at once? What it learned since it last saved, at most a minute, is lost.</source>
            <translation>Das Training sofort beenden? Was es seit dem letzten Speichern gelernt hat, höchstens eine Minute, geht verloren.</translation>
        </message>
        <message>
            <source>Packages are being installed. Close Slicer all the same? The installation ends, and has to begin again.</source>
            <translation>Pakete werden installiert. Slicer trotzdem schließen? Die Installation endet und muss von vorn beginnen.</translation>
        </message>
        <message>
            <source>A training is going on. Shall it go on in the background after Slicer is closed? You find it again when you open the project.

Yes: it goes on.
No: it saves and stops; Resume goes on with it later.</source>
            <translation>Ein Training läuft. Soll es im Hintergrund weiterlaufen, wenn Slicer geschlossen ist? Sie finden es wieder, wenn Sie das Projekt öffnen.

Ja: Es läuft weiter.
Nein: Es speichert und hält an; mit Fortsetzen geht es später weiter.</translation>
        </message>
    </context>
    <context>
        <name>views.contours</name>
        <message>
            <source>{name} contour {distance:g} mm</source>
            <translation>{name} Abstandslinie {distance:g} mm</translation>
        </message>
    </context>
    <context>
        <name>views.curves</name>
        <message>
            <source>Loss on outlines</source>
            <translation>Verlust auf Konturen</translation>
        </message>
        <message>
            <source>Loss on unlabeled scans</source>
            <translation>Verlust auf Scans ohne Kontur</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <source>Validation Dice</source>
            <translation>Dice der Validierung</translation>
        </message>
        <message>
            <source>none yet; it is measured on cases marked Validation</source>
            <translation>noch keiner; gemessen wird er an Fällen mit Häkchen bei Validierung</translation>
        </message>
        <message>
            <source>Step</source>
            <translation>Schritt</translation>
        </message>
    </context>
    <context>
        <name>views.layouts</name>
        <message>
            <source>Loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <source>Dice</source>
            <translation>Dice</translation>
        </message>
    </context>
    <context>
        <name>views.overlays</name>
        <message>
            <source>Signed distance</source>
            <translation>Abstand mit Vorzeichen</translation>
        </message>
        <message>
            <source>Uncertainty</source>
            <translation>Unsicherheit</translation>
        </message>
        <message>
            <source>Changes</source>
            <translation>Änderungen</translation>
        </message>
    </context>
</TS>
