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
            <source>Begin with new networks, or go on from a model, for example after correcting its results</source>
            <translation>Mit neuen Netzen beginnen oder von einem Modell aus weitermachen, etwa nach Korrekturen seiner Ergebnisse</translation>
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
            <source>Outline {name} next: the networks agree least on it (expected Dice {dice}).</source>
            <translation>Konturieren Sie als Nächstes {name}: Hier stimmen die Netze am wenigsten überein (erwarteter Dice {dice}).</translation>
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
        <name>cases.termbox</name>
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
        <name>common.childwords</name>
        <message>
            <source>Checking the scans</source>
            <translation>Die Scans werden geprüft</translation>
        </message>
        <message>
            <source>Comparing</source>
            <translation>Wird verglichen</translation>
        </message>
        <message>
            <source>Comparing the networks</source>
            <translation>Die Netze werden verglichen</translation>
        </message>
        <message>
            <source>Loading the networks</source>
            <translation>Die Netze werden geladen</translation>
        </message>
        <message>
            <source>Looking at all scans</source>
            <translation>Alle Scans werden angesehen</translation>
        </message>
        <message>
            <source>Looking at the results</source>
            <translation>Die Ergebnisse werden angesehen</translation>
        </message>
        <message>
            <source>Looking at the validation scans</source>
            <translation>Die Scans der Validierung werden angesehen</translation>
        </message>
        <message>
            <source>Looking for devices</source>
            <translation>Geräte werden gesucht</translation>
        </message>
        <message>
            <source>Making the MONAI Bundle</source>
            <translation>Das MONAI Bundle wird erzeugt</translation>
        </message>
        <message>
            <source>Measuring</source>
            <translation>Wird gemessen</translation>
        </message>
        <message>
            <source>Measuring how fast this computer is</source>
            <translation>Es wird gemessen, wie schnell dieser Computer ist</translation>
        </message>
        <message>
            <source>Preparing the scans</source>
            <translation>Die Scans werden vorbereitet</translation>
        </message>
        <message>
            <source>Reading the scan</source>
            <translation>Der Scan wird gelesen</translation>
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
            <source>Writing the DICOM segmentation</source>
            <translation>Die DICOM-Segmentierung wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the model</source>
            <translation>Das Modell wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the results</source>
            <translation>Die Ergebnisse werden geschrieben</translation>
        </message>
        <message>
            <source>Writing the segmentation</source>
            <translation>Die Segmentierung wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the structure set</source>
            <translation>Das Structure Set wird geschrieben</translation>
        </message>
        <message>
            <source>Scans found: {count}</source>
            <translation>Gefundene Scans: {count}</translation>
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
            <source>Training, step {iteration} of {of}</source>
            <translation>Training, Schritt {iteration} von {of}</translation>
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
            <source>Double-click the segment's color in the module Segmentations and choose a term.</source>
            <translation>Doppelklicken Sie im Modul Segmentations auf die Farbe des Segments, und wählen Sie einen Begriff.</translation>
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
            <source>Collecting the segments</source>
            <translation>Segmente werden gesammelt</translation>
        </message>
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
            <source>{file} can't be read: it is damaged, or of a format that is not supported</source>
            <translation>{file} kann nicht gelesen werden: Die Datei ist beschädigt oder hat ein Format, das nicht unterstützt wird</translation>
        </message>
        <message>
            <source>Open it with Add Data; if that works, save it as .nrrd</source>
            <translation>Öffnen Sie sie mit Add Data; gelingt das, speichern Sie sie als .nrrd</translation>
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
            <source>Collecting the segments</source>
            <translation>Segmente werden gesammelt</translation>
        </message>
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
        <name>project.checking</name>
        <message>
            <source>{file} is missing. Check that it was not moved.</source>
            <translation>{file} fehlt. Prüfen Sie, ob die Datei verschoben wurde.</translation>
        </message>
    </context>
    <context>
        <name>project.emptyslices</name>
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
            <source>The label value {value} stands for voxels at which nobody looked, which does not fit {name}</source>
            <translation>Der Labelwert {value} steht für Voxel, die niemand angesehen hat; das passt nicht zu {name}</translation>
        </message>
        <message>
            <source>Make a project of its own for these scans</source>
            <translation>Legen Sie für diese Scans ein eigenes Projekt an</translation>
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
