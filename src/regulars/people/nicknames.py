"""Short forms that a language has for a name, as Pepe is what a José is called: pure data.

Only customary ones that a stranger would not guess from the letters, or that stand for one name among many
that begin alike. Thai play names are of one person and of no name: whoever has one has it in brackets behind
their name (`regulars.people.names.called_besides`).

Written down from common knowledge of the three languages: between bars a name in its spellings, a colon, and what
those who have it are called.
"""

from collections.abc import Mapping
from itertools import product

from anyascii import anyascii

ENGLISH = """
abigail: abby, gail | abraham: abe, bram | albert: al, bert, bertie | alexander: alex, al, sandy, xander, alec
alexandra: alex, sandra, sandy, lexi | alfred: alf, alfie, fred | alison, allison: ali, ally | amanda: mandy
andrew: andy, drew | angela: angie | ann, anne, anna: annie, nan, nancy | anthony, antony: tony, ant
archibald: archie | arthur: art | augustus: gus | barbara: babs, barb, barbie | bartholomew: bart
beatrice, beatrix: bea, trixie | benjamin: ben, benny, benji | bernard: bernie | bridget: biddy, bridie
caroline, carolyn: carrie, caz, lina
catherine, katherine, kathryn, katharine, kathleen: cathy, kathy, kate, katie, kitty, kit, kat | cecilia: cissy
charles: charlie, chuck, chas, chaz | charlotte: charlie, lottie, lotte
christina, christine: chris, chrissie, tina | christopher: chris, kit, topher | clarence: clary
constance: connie | cynthia: cindy | daniel: dan, danny | david: dave, davy | deborah, debra: deb, debbie
dennis: den, denny | dominic: dom, nic | donald: don, donnie | dorothy: dot, dottie, dolly, dora | douglas: doug
edith: edie | edmund: ed, eddie, ned, ted | edward: ed, eddie, ned, ted, teddy
eleanor: ellie, nell, nellie, nora, lena
elizabeth, elisabeth: beth, betsy, betty, bess, bessie, eliza, libby, lily, liz, lizzie, lisa, elsie, buffy
ellen, helen: nell, nellie | emily: em, emmy, millie | emma: em | ernest: ernie | eugene: gene
florence: flo, florrie, flossie | frances: fran, frannie, fanny | francis: frank, frankie | franklin: frank
frederick: fred, freddie, rick | gabriel: gabe | george: geordie | geoffrey, jeffrey: geoff, jeff
gerald: gerry, jerry | gilbert: gil, bert | gregory: greg | harold: harry, hal | harriet: hattie
henry: harry, hank, hal | herbert: herb, bert | howard: howie | hubert: bert | irene: rene
isabel, isabella, isobel: izzy, bella, belle, tibby | jacob: jake | james: jim, jimmy, jamie, jem
jane: jenny, janie | janet: jan | jacqueline: jackie | jennifer: jen, jenny | jeremiah: jerry | jeremy: jez, jem
jessica: jess, jessie | joan: joanie | joanna, joanne: jo | john: jack, johnny, jackie | jonathan: jon, johnny
joseph: joe, joey, jo | josephine: jo, josie | joshua: josh | judith: judy | julia: jules | katrina: kat, trina
kenneth: ken, kenny | kimberley, kimberly: kim | laurence, lawrence: larry, laurie, loz
leonard: len, lenny, leo | lillian: lily, lil | louis, lewis: lou, louie | louisa, louise: lou, lulu | lucy: lu
madeleine, madeline: maddie | magdalene: maggie, lena | malcolm: mal
margaret: maggie, meg, megan, peggy, peg, madge, marge, margie, maisie, daisy, greta, rita, gretel
maria, mary: molly, polly, mamie, minnie, may | martha: marty, patty | martin: marty | matilda: tilly, mattie
matthew: matt | maureen: mo | maximilian: max | melanie: mel | melissa: mel, lissa
michael: mick, mickey, mike, mikey | mildred: millie | mohammed, muhammad: mo | nathan, nathaniel: nate, nat
nicholas: nick, nicky, claus, colin | nicola, nicole: nicky, nikki | oliver: ollie | olivia: liv, livvy
pamela: pam | patricia: pat, patsy, patty, tricia, trish | patrick: pat, paddy, rick | penelope: penny
percival: percy | peter: pete | philip, phillip: phil, pip | philippa: pippa | priscilla: cilla | prudence: prue
rachel: rach, shelly | raymond: ray | rebecca: becca, becky | reginald: reg, reggie, ron
richard: dick, dickie, rick, ricky, rich, richie | robert: bob, bobby, rob, robbie, bert | roberta: bobbie
roderick: rod, rick | rodney: rod | roger: rodge | roland: roly | ronald: ron, ronnie | rosemary: rosie, romy
russell: russ | samantha: sam, sammy | samuel: sam, sammy | sarah: sally, sadie | sebastian: seb, baz
sidney: sid | solomon: sol | stanley: stan | stephanie: steph, steffi | stephen, steven: steve, stevie
stuart, stewart: stu | susan, susanna, suzanne: sue, susie, suzie, sukie, sanna | sylvester: sly | sylvia: syl
terence, terrance: terry, tel | theodore: ted, teddy, theo | theresa, teresa: terry, tess, tessa, tracy, terri
thomas: tom, tommy | timothy: tim, timmy | valerie: val | veronica: ronnie, vera | victor: vic
victoria: vicky, tori, vic | vincent: vince, vinny | violet: vi | virginia: ginny, ginger | walter: wally, walt
wilfred: wilf | wilhelmina: mina, minnie | william: bill, billy, will, willy, liam
winifred: win, winnie, freda | winston: win | zachary: zach, zac
"""
GERMAN = """
adelheid: heidi, heide, adele | albert, albrecht: bert, berti | alexander: alex, sascha, xandi
alexandra: alex, sandra, sascha | alfred: fred, fredi | alois, aloisius, aloys: lois, loisl, luis | andrea: andi
andreas: andi, anderl, drees | anna, anne: anni, annerl, nanni, nannerl, ännchen
anneliese, annelies: anni, liesl | annemarie: annemie, annmi | anton: toni, tonerl | antonia: toni
augustin, august: gustl, gust | balthasar: hausl, balzer | barbara: bärbel, babsi, babette, wetti
benedikt: benni, beni, dikt | benjamin: ben, benni | bernadette: berni | bernhard, bernd: berni, bernie, hartl
berthold: bert | brigitte: gitte, gitti, biggi, britta | cäcilia, cäcilie: cilli, zilli, silke
charlotte: lotte, lotti, charly | christian: chris, christl, krischan
christiane, christine, christina: christl, christel, chris, tina, tine, stina, nina
christoph: chris, stoffel, stoffl | daniel: dani, danny | daniela: dani, ela
dieter, dietrich: didi, dierk, dirk | dietmar: didi | dominik: domi, nik
dorothea, dorothee: dora, dorle, thea, dörte, dorli | eberhard: ebbo, hardi | edeltraud: traudl, edel
eduard: edi, ede | eleonore, eleonora: nora, lore, leni, ella | elfriede: friedl, elfi, frieda
elisabeth: elli, else, elsa, elise, ilse, liesl, liesel, lisl, lisa, lisbeth, lilli, sissi, sisi, betti, bettina
elisabeth: elsbeth, lies, sisy
emanuel, emmanuel: manu, manni | emilia, emilie: emmi, milli | engelbert: bert, engel | erich, erik: ricky
ernst: erni | eugen: geni | eva: evi | felizitas: feli, zita | ferdinand: ferdi, ferdl, nandl
florian: flo, flori | franz: franzl, franzi | franziska: franzi, fanny, fanni, fränzi, ziska, sissi
friederike: rike, rieke, frieda, fritzi, friedl | friedrich, friedhelm: fritz, fredi, fried, friedl, frieder
gabriel: gabi | gabriele, gabriela: gabi, gaby, gabsi, ela | georg: schorsch, girgl, jörg, jürgen, görgl
gerhard, gerhart, gerd: gerdi, hardi, gerri
gertraud, gertrud, gertrude: traudl, traudi, trude, gerti, gerda, trudi | gottfried: friedl, götz, friedel
günter, günther: günni | gustav: gustl | hannelore: hanne, hanni, lore
heinrich: heini, heinz, heiner, hein, henner, henrik, harry
helene, helena: leni, lena, hella, lene, ella, nelly | helmut, hellmut: helli
henriette: henni, jette, jettchen | herbert: bert, herbie, berti | hermann: hermi, männe
hildegard: hilde, hilda, gardi | hubert, hubertus: hubsi, bert, hubs | ignaz: naz | ingeborg: inge, inga
irmgard: irmi, irma | isabella, isabel: isa, bella | jakob: jockel, jackl, jaggi, köbi, kobi
joachim: jochen, achim, jo, jochim
johann, johannes: hans, hansi, hannes, hannsi, hansl, jan, jens, hänsel, schani, hennes
johanna: hanna, hanne, hanni, janna, jo | jonathan: joni
josef, joseph: sepp, seppl, seppi, jupp, beppo, peppi, josi, pepi, bepperl
josefa, josepha, josefine: josi, peppi, sefa, finni, fini, pepi, sefi
julia, juliane, juliana: juli, jule, liane | justus: jus | karin: kari
karl, carl: kalle, karli, karlchen, charly | karoline, caroline, carolin, karolina: caro, karo, lina, line, lini
kaspar, caspar: kasperl
katharina, catharina, katarina, katherina, kathrin, katrin: kathi, kati, käthe, kathe, käthi, katja, trine
katharina, catharina, katarina, katherina, kathrin, katrin: trina, rina, ina, nina
klemens, clemens: clemi, mens | konrad, conrad: conny, konni, kurt, radl | konstantin: konsti, stani
konstanze: conny, stanzi | korbinian: korbi | kornelia, cornelia: conny, nelli, lia
kunigunde: gundi, kuni, gundl | laurenz, lorenz: lenz, enzi, lenzl | leonhard, leonard: leo, hartl, lienhard
leopold: poldi, poldl, leo | leopoldine: poldi | liselotte: lilo, lotte, lise
ludwig: lutz, wiggerl, luggi, lude, lucki | luise, louise: luisl, lulu, isi
magdalena, magdalene: lena, leni, magda, lene, madlen, malen | manfred: manni, manne, fredi | manuela: manu, ela
margarete, margarethe, margareta, margaretha: grete, greta, gretel, gretl, gitta, marga, gretchen, meta, rita, gritt
maria, marie: mizzi, mitzi, mia, mariechen, mimi, mirl, miezl, moidl, mariandl, ria, marei
marianne: nanni, janne | martin: martl, maddin | martina: tina, tini
mathilde, mathilda: tilde, tilla, hilda, tilli
matthias, mathias, matthäus: hias, hiasl, matze, mattes, matz, hiesl | maximilian, max: maxl, maxi, milian
melanie: mel, melli, mela | michael: michi, michel, michl, muck | michaela: michi, ela, mischa
monika, monica: moni, mona, monerl | nikolaus, nicolaus, niklas: klaus, claus, nick, nico, niko, nickel, klas
notburga: burgl, burgi | oskar, oscar: ossi | oswald: ossi, wald | otto: ottl, öttche
patrizia, patricia: patti, trizi | peter, petrus: pit, peterl, piet | philipp, philip: lipp, lippl, fips, phil
rainer, reiner: reini | reinhard, reinhold: reini, hardi | regina, regine: gina, regi, gini
renate: nate, reni, rena | richard: richie, ricky, hardi
robert, rupert, ruprecht: bert, robi, berti, bertl, rupp | roland: roli
rosa, rosalia, rosalie: rosl, resl, rosi, lia | rosemarie, rosmarie: rosi, romy, roserl
rudolf, rudolph: rudi, rolf, rudl, dolfi | sabine, sabina: bine, bini, biene | sandra: sandi
sebastian: bastian, basti, wastl, wast, bast, bastl | sibylle, sybille: billa, bille, sibyll
siegfried: sigi, siggi, friedl, fredl | sieglinde: sigi, linde | sigmund, siegmund: sigi, mundl | simon: simi
sophie, sofie, sophia, sofia: sopherl, fifi, fiene, soffi | stefan, stephan: steff, steffl, stevie
stefanie, stephanie: steffi, steffl | susanne, susanna: susi, sanne, sanna, sus, suse, susel, sanni
theodor: theo, teddy | theresa, theresia, therese, teresa: resi, resl, resa, thesi, terry
thomas: tom, tommy, thomerl, maas | tobias: tobi | ulrich: uli, ulli, utz | ulrike: uli, ulli, rike
ursula: uschi, ursel, ulla, ursl, uschl | valentin: veit, velte, valtl, vale | verena: vreni, vroni, reni, rena
veronika, veronica: vroni, vreni, veri, nika, vronerl | viktoria, victoria: vicky, viki, tori
vinzenz: vinz, zenz | walburga: burgl, burgi, wally, walli | walter, walther: walti, wolt
waltraud, waltraut: traudl, traudi, wally | wendelin: wendl, lin | wilhelm: willi, willy, helm, wim, wilm
wilhelmine, wilhelmina: minna, mina, helma, willi, wilma, minchen | wolfgang: wolf, wolfi, wölfi
xaver: xaverl, veri, xari | kreszentia, kreszenz: zenzi, zenz
"""
SPANISH = """
adela, adelaida: ade, lela | adolfo: fito, dolfo, fofo | adriana, adrián: adri | agustín: tin, agus
agustina: tina, agus | alberto: beto, berto, tito, alber | alejandra: ale, jandra, sandra, alex
alejandro: ale, alex, jandro, sandro, álex | alfonso: alfon, poncho, fonso | alfredo: fredo, fredi, alfre
alicia: licha, ali, licia | amparo: amparito, paro | ana: anita, anina, nita | andrés: andy, andresito
ángel: angelito, gelo, lito | ángela, ángeles: geli, angelita, ange, angelines, lines
antonia: toña, toñi, antoñita | antonio: toño, toni, antón, antoñito, toñín, tonet | arturo: turo, art
asunción: asun, choni | aurora: yoya, lola, auro | bartolomé: bartolo, tomé | beatriz: bea, betty, beti, ticha
begoña: bego | benjamín: benja, min | bernardo: berna, nardo | carlos: carlitos, charly, carli, litos, charlie
carlota: loti, carla | carmen: carmela, carmencita, mamen, menchu, carmiña, menchi, maica
carolina: caro, carola, lina | catalina: cata, lina, cati | cayetano: tano, caye | cecilia: ceci, chila
celestino: tino | clemente: tente, cleme | concepción: concha, conchi, conchita, chita, inma, chona
consuelo: chelo, chelito | cristina: cris, tina, cristi | cristóbal: cris, tobal, tóbal
daniel: dani, danielito | daniela: dani | diego: dieguito | dolores: lola, loli, lolita, lolis
domingo: mingo, txomin, chomin | eduardo: edu, lalo, eddy, guayo | elena, helena: lena, nena, leni, elenita
elisa: eli, lisa | emilio: milo, emi | emiliano: emi, milo | encarnación: encarna, encarni
enrique: quique, kike, quico, enriquito, rique, henry | enriqueta: queta, quica, quetita
ernesto: neto, tito, teto | esperanza: espe, pelancha, lancha | esteban: estebi, teban, tebi
estefanía: estefi, fani | eugenia: geni, uge, quena | eugenio: geño, uge, queno | eulalia: lali, laia, lalia
fabiola: fabi | federico: fede, fico, lico | felipe: pipe, feli, lipe | félix: feli | fernando: nando, fer, nano
fernanda: fer, nanda | fidel: fide | florencia: flor, flora
francisca: paca, paqui, paquita, fani, kika, quica, francis, curra, pancha, frasquita
francisco: paco, pancho, curro, kiko, quico, fran, francis, farruco, frasco, paquito, cisco, currito, panchito
francisco: chisco, franci
gabriel: gabi, gabo | gabriela: gabi, gaby, gabita | genaro: naro | gerardo: gera, lalo, yayo | germán: mancho
gertrudis: tula, tulita, trudi | gloria: goya, glori | gonzalo: gonza, chalo, gonzo, zalo
graciela, gracia: chela, grachi, gracita | gregorio: goyo, gorio, grego | guadalupe: lupe, lupita, pita, guada
guillermo: guille, memo, willy, guillo, guillem | guillermina: mina, guille | gustavo: gus, tavo
héctor: tito, teto | hortensia: tencha, horte | humberto: beto, berto | ignacia: nacha
ignacio: nacho, iñaki, nachete, iñigo, nachito | inés: nena, inesita | inmaculada: inma, macu, maculada
isabel: isa, chabela, chavela, isabelita, bel, chabel, ysa, belica | isidoro, isidro: chiro, isi, doro, sidro
ismael: isma, mael | jacinto: chinto, jacin | jacobo: coby, yago | jaime: jaimito, jimmy
javier: javi, xavi, javito | jerónimo: jero, momo | jesús: chus, chuy, suso, chucho, jesulín, txus, chuchi
jesusa: susa, chucha, chusa | joaquín: quino, ximo, chimo, joaco | joaquina: quina, joaqui
jorge: jorgito, coque, koke, yorch
josé: pepe, pepito, pepín, chepe, josito, joselito, cheo, chepito, josete, pepiño, josechu
josefa, josefina: pepa, pepita, fina, finita, chepa, pepi, chefina
juan: juanito, juancho, juanillo, juanín, juanele, juanjo | juana: juanita, juani | juliana, julia: juli, julita
julián, julio: juli, julito | laura: lauri, lala | leonardo: leo, nardo | leonor, eleonora: leo, nora
leopoldo: polo, leo, poldo | leticia: leti, ticha | lorenzo: loren, lencho, renzo | lourdes: lourditas, lulú
lucía: luci, lucha, chía | luciano: lucho, chano, luci | luis: lucho, luisito, güicho, luisín, sito
luisa: luisi, lucha, luisita, güicha | magdalena: magda, malena, lena, nena
manuel: manolo, manu, manolito, lolo, manel, nel, manuelito, lito, noli, nelo, meño
manuela: manoli, manola, manolita, lola, manu, nela | marcelino: lino, marce | marcelo: chelo, marce
margarita: marga, márgara, rita, margot, maga, tita, mague
maría: mari, marisa, maruja, marujita, mariquita, maruca, mariuca | mariano: nano, mariani
martín: tin, martincho | mateo, matías: teo, mati, mate | mauricio: mauri, mau | maximiliano: maxi, max
máximo: maxi, max | mercedes: merche, meche, merceditas, merchi, chedes, mencha | micaela: mica, miki, caela
miguel: miki, migue, miguelito, miguelín, miguelón | milagros: mila, milagritos, mili | minerva: mine
modesto: mode, tito | mónica: moni | montserrat, monserrat: montse, monchi | natalia: nati, nata, talia
natividad: nati | nicolás: nico, colás | nicolasa: nico, colasa | norberto: beto, nor, berto
octavio: tavo, octa | olga: olguita | óscar: osqui, cacho | pablo: pablito, pol, pablín | paloma: palo
patricia: patri, pati, paty, tricia, pato | patricio: pato, patri | paula: pau, pauli
paulina: pau, lina, pauli | pedro: perico, pedrito, periquín, piti | petra: petri, petrita
pilar: pili, pilarín, piluca, pilarica, piluchi, lali | purificación: puri, pura, purita
rafael: rafa, falo, rafi, fali, felo, rafita | rafaela: rafi, fela, rafa
raimundo, ramón: moncho, ray, mundo, monchi, mon | ramona: monchi, moni | raquel: raque, quela
raúl: rauli, rulo | ricardo: richi, riqui, cayo, ricky, richard, caco | rigoberto: rigo, beto
roberto: rober, beto, berto, tito, robi | rodolfo: rodo, fito, rudi, fofo, rolo | rodrigo: rodri, ro, rigo
rogelio: roge, gelio | romualdo: romu | rosa: rosita, rosi, chocha, rosina, charito | rosalía: lía, rosi, chalía
rosario: charo, chayo, rosarito, charito, chari, saro, chayito | rosaura: rosi, chaura | salomé: salo, meme
salvador: salva, chava, salvi, boro, dorín, vador, chavita | salvadora: dora, salvi, salva | samuel: samu, sami
santiago: santi, chago, yago, tiago, chanti | sebastián: sebas, chano, bastián | serafín: sera, fin
sergio: checo, sergi, serch, checho | silvestre: silve | silvia: silvi, chiva | simón: moncho
socorro: coco, soco, corro | sofía: sofi, chofi | soledad: sole, chole, marisol
susana: susi, su, sana, susanita | teodoro: teo, doro
teresa: tere, teresita, techi, teté, maite, maritere, terete, tessa | timoteo: timo, teo
tomás: tomasito, tomi, tomasín, maso | trinidad: trini, trina | úrsula: ursu | valentín: vale, tin
valentina: vale, tina | valeria: vale | verónica: vero, vica, nica | vicenta: tica, chenta
vicente: chente, vicen, tito, sento, visent, chencho | víctor: vic, vito, tito
victoria: vicky, viqui, toya, vito, mavi | virginia: vir, virgi, gina | viviana, bibiana: vivi, bibi
yolanda: yoli, yola
"""


def _folded(word: str) -> str:
    return anyascii(word).casefold().strip()


def _fulls() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in "|".join((ENGLISH, GERMAN, SPANISH)).replace("\n", "|").split("|"):
        names, _, called = line.partition(":")
        for name, short in product(names.split(","), called.split(",")):
            if _folded(name) != _folded(short):
                found.setdefault(_folded(short), set()).add(_folded(name))
    return {short: frozenset(names) for short, names in found.items() if short}


def _shorts(fulls: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for short, names in fulls.items():
        for name in names:
            found.setdefault(name, set()).add(short)
    return {name: frozenset(shorts) for name, shorts in found.items()}


NOBODY: frozenset[str] = frozenset()
FULL_OF = _fulls()
SHORT_OF = _shorts(FULL_OF)


def related(word: str) -> frozenset[str]:
    """The names that a word is customarily short for, and the short forms of the name that it is.

    Args:
        word: In Latin small letters without accents.
    """
    return FULL_OF.get(word, NOBODY) | SHORT_OF.get(word, NOBODY)


def full_of_two(one: str, other: str) -> str:
    """Which of two words is a name that the other is customarily short for, or ""."""
    if other in FULL_OF.get(one, NOBODY):
        return other
    return one if one in FULL_OF.get(other, NOBODY) else ""
